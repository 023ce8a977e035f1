import HTTPTypes
import Hummingbird
import Steering

/// `POST /v1/chat/completions` and `POST /v1/completions`.
struct CompletionRoutes {
    let desk: GenerationDesk

    func add(to router: Router<APIRequestContext>) {
        let limit = desk.configuration.bodyLimit
        router.resource(
            "/v1/chat/completions",
            [
                .post: { request, context in
                    var request = request
                    let given = try await request.decodeBody(Lenient<ChatBody>.self, limit: limit)
                    let order = try given.body.order()
                    let format = ChatFormat(hasLogprobs: order.topLogprobs != nil)
                    return try await answer(order, as: format, warnings: given.warnings, context)
                }
            ]
        )
        router.resource(
            "/v1/completions",
            [
                .post: { request, context in
                    var request = request
                    let given = try await request.decodeBody(Lenient<CompletionBody>.self, limit: limit)
                    let order = try given.body.order()
                    let format = CompletionFormat(hasLogprobs: order.topLogprobs != nil)
                    return try await answer(order, as: format, warnings: given.warnings, context)
                }
            ]
        )
    }

    private func answer<Format: AnswerFormat>(
        _ order: GenerationOrder,
        as format: Format,
        warnings: [String],
        _ context: APIRequestContext
    ) async throws -> Response {
        let choices = try await desk.admit(order)
        let writer = AnswerWriter(
            format: format,
            head: AnswerHead(
                id: format.idPrefix + context.id,
                created: desk.configuration.now(),
                model: desk.core.model.name,
                plan: choices.plan
            ),
            choices: choices,
            warnings: warnings,
            streamsUsage: order.streamsUsage,
            logger: context.logger
        )
        var headers: HTTPFields = [.profile: SteeringReceipt(choices.plan).headerValue]
        let channel = context.channel
        guard order.isStreamed else {
            let answer = try await ClientPresence.on(channel).whileHere(on: channel, probing: .provisional) {
                try await writer.whole()
            }
            return try .json(answer, headers: headers)
        }
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-cache"
        return Response(
            status: .ok,
            headers: headers,
            body: .stream(on: channel) { body in try await writer.stream(to: &body) }
        )
    }
}
