import HTTPTypes
import Hummingbird
import Reconciliation

/// `GET /api/events`: what the loader does, as server-sent events.
struct EventRoutes {
    let controller: any SteeringController
    let heartbeat: Duration
    let seats: EventSeats

    func add(to router: Router<APIRequestContext>) {
        router.resource("/api/events", [.get: { request, context in try events(request, context) }])
    }

    private func events(_ request: Request, _ context: APIRequestContext) throws(APIError) -> Response {
        guard let seat = seats.take() else {
            throw APIError(
                .unavailable,
                "There are \(seats.count) followers of events already, as many as may be. Try again later.",
                headers: [.retryAfter: "10"]
            )
        }
        let stream = EventStream(
            controller: controller,
            heartbeat: heartbeat,
            lastEvent: request.headers[.lastEventID]
        )
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream",
                .cacheControl: "no-cache",
            ],
            body: .stream(on: context.channel) { body in
                defer { seat.keep() }
                try await stream.write(to: &body)
            }
        )
    }
}

extension HTTPField.Name {
    /// The header with which a client that comes back says what it knows.
    // A literal name is known to be valid.
    // swift-format-ignore: NeverForceUnwrap
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
