import CLlama
package import Steering
import Synchronization

/// The inference core on libllama.
///
/// One thread owns the context and decodes all requests together, each row of a batch with its own steering.
/// Requests are checked, tokenised and given their steering where ``generate(_:)`` is called.
package final class LlamaCore: InferenceCore {
    package let model: ModelDescription

    private let loaded: Model
    private let template: ChatTemplate
    private let steerableLayers: Set<Int>
    private let queue: RequestQueue
    private let tokenizer = TokenizerQueue()
    private let current = Mutex(SteeringPlan.unsteered)

    /// Loads the model and starts to serve. This takes as long as reading the file does.
    ///
    /// - Throws: ``InferenceError`` `.invalidRequest` for a parameter outside its range, `.modelUnavailable`.
    package init(_ configuration: Configuration) throws(InferenceError) {
        try configuration.validate()
        Backend.start(log: configuration.log)
        loaded = try Model(path: configuration.modelPath)
        template = ChatTemplate(of: loaded)
        let length = Self.contextLength(asked: configuration.contextLength, of: loaded, log: configuration.log)
        let threads = configuration.threads ?? ProcessorCount.physical
        var context = try Context(
            model: loaded,
            length: length,
            sequences: Self.sequences(for: configuration.parallel, of: loaded),
            threads: threads
        )
        steerableLayers = try context.survey()
        model = ModelDescription(
            name: configuration.modelName ?? ModelDescription.name(fromFileName: loaded.fileName),
            fileName: loaded.fileName,
            generalName: loaded.generalName,
            embeddingSize: loaded.embeddingSize,
            layerCount: loaded.layerCount,
            contextLength: length
        )
        let queue = RequestQueue(capacity: configuration.parallel + configuration.queueLimit)
        self.queue = queue
        let scheduler = Scheduler(queue: queue, context: context, length: length, parallel: configuration.parallel)
        try EngineThread.start {
            Self.serve(scheduler, queue)
        }
        let size = "context of \(length) tokens, \(configuration.parallel) requests at once, \(threads) threads"
        configuration.log(.info, "\(model.fileName): \(size)")
    }

    deinit { abort() }

    package var plan: SteeringPlan { current.withLock { $0 } }

    package var activity: CoreActivity { queue.activity }

    package func apply(_ plan: SteeringPlan) throws(InferenceError) {
        try check(plan)
        current.withLock { $0 = plan }
    }

    package func generate(_ request: GenerationRequest) async throws(InferenceError) -> Generation {
        try request.validate()
        let plan = request.plan ?? self.plan
        try check(plan)
        let prompt = try await tokens(of: request.prompt)
        let room = model.contextLength - prompt.count
        guard room > 0 else {
            throw InferenceError(
                .promptTooLong,
                "The prompt has \(prompt.count) tokens; the context holds \(model.contextLength), one of them for the answer."
            )
        }
        let limit = min(request.maxTokens ?? room, room)
        // Every token makes at most one event, so nothing is ever dropped.
        let (events, continuation) = AsyncThrowingStream<Generation.Event, any Error>.makeStream(
            bufferingPolicy: .bufferingOldest(limit + 2)
        )
        try queue.submit { id in
            continuation.onTermination = { [queue] reason in
                if case .cancelled = reason { queue.cancel(id) }
            }
            return AdmittedRequest(
                id: id,
                prompt: prompt,
                limit: limit,
                sampling: request.sampling,
                seed: request.sampling.seed ?? UInt32.random(in: 0...UInt32.max),
                stop: request.stop,
                topLogprobs: request.topLogprobs,
                plan: plan,
                continuation: continuation
            )
        }
        return Generation(plan: plan, events: events)
    }

    /// Refuses new requests and those that wait, and returns when those that run have been answered and the model
    /// has been let go. If the calling task is cancelled, those that run are given up, too.
    package func shutdown() async {
        queue.advance(to: .draining)
        await withTaskCancellationHandler {
            await queue.waitForEnd()
        } onCancel: {
            abort()
        }
    }

    /// Gives up all requests; each is told that the core is shut down. It serves no more.
    package func abort() {
        queue.advance(to: .aborting)
    }

    private static func serve(_ scheduler: consuming Scheduler, _ queue: RequestQueue) {
        scheduler.run()
        _ = consume scheduler
        queue.advance(to: .ended)
    }

    private func check(_ plan: SteeringPlan) throws(InferenceError) {
        guard !plan.isUnsteered, let layer = plan.layer else { return }
        guard plan.delta.count == model.embeddingSize else {
            throw InferenceError(
                .unsuitablePlan,
                "The steering has width \(plan.delta.count), the model's residual stream \(model.embeddingSize)."
            )
        }
        guard (0..<model.layerCount).contains(layer) else {
            throw InferenceError(
                .unsuitablePlan,
                "Layer \(layer) does not exist; this model has layers 0 to \(model.layerCount - 1)."
            )
        }
        guard steerableLayers.contains(layer) else {
            throw InferenceError(
                .unsuitablePlan,
                "libllama does not hand over the output of layer \(layer) of this model."
            )
        }
        guard plan.delta.allSatisfy(\.isFinite) else {
            throw InferenceError(.unsuitablePlan, "The steering is not finite.")
        }
    }

    private func tokens(of prompt: GenerationRequest.Prompt) async throws(InferenceError) -> [Int32] {
        // A message is at least a token. libllama's time grows with the square of the number of special ones.
        if case .chat(let messages) = prompt, messages.count >= model.contextLength {
            throw InferenceError(
                .promptTooLong,
                "The conversation has \(messages.count) messages; the context holds \(model.contextLength) tokens."
            )
        }
        let tokens = try await tokenizer.tokens(byteCount: prompt.byteCount) {
            [template, loaded, limit = model.contextLength] () throws(InferenceError) in
            switch prompt {
            case .chat(let messages):
                for message in messages { try loaded.checkLength(of: message.content, limit: limit) }
                return try template.tokens(of: messages, in: loaded)
            case .text(let text):
                try loaded.checkLength(of: text, limit: limit)
                return try loaded.tokens(of: text.utf8, parsingSpecial: true, addingSpecial: true)
            }
        }
        guard !tokens.isEmpty else { throw InferenceError(.invalidRequest, "The prompt is empty.") }
        return tokens
    }

    /// How many sequences the memory tells apart: those that run, and ended ones whose beginnings others may share.
    private static func sequences(for parallel: Int, of model: Model) -> Int {
        model.canShareBeginnings ? min(parallel + 56, llama_max_parallel_sequences()) : parallel
    }

    private static func contextLength(
        asked: Int,
        of model: Model,
        log: @Sendable (LogLevel, String) -> Void
    ) -> Int {
        let trained = model.trainedContextLength
        guard trained > 0, asked >= trained else { return asked }
        // One place of the memory is the companion's.
        let length = max(trained - 1, 1)
        if asked > trained {
            let reason = "\(model.fileName) was trained for \(trained), one of which is kept free"
            log(.warning, "the context is cut from \(asked) to \(length) tokens: \(reason)")
        }
        return length
    }
}
