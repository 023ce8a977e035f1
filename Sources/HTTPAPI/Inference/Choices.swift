import Steering

/// The choices of one request, which are generated at the same time.
struct Choices: Sendable {
    let generations: [Generation]
    /// How many choices in a row answer the same prompt.
    let choicesPerPrompt: Int
    /// The steering of all of them.
    let plan: SteeringPlan

    /// Calls the body with every choice's events as they come, one call at a time.
    ///
    /// A choice's next event is asked for only when the body is through with the one before, so a slow
    /// reader slows the generation down, and nothing is buffered here. An error of one choice, of the body,
    /// or the task's cancellation ends all of them.
    @concurrent func forEachEvent(
        _ body: @concurrent (_ choice: Int, Generation.Event) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (choice: Int, event: Generation.Event?).self) { group in
            for (choice, generation) in generations.enumerated() {
                group.addTask { (choice, try await Self.next(of: generation)) }
            }
            while let (choice, event) = try await group.next() {
                guard let event else {
                    try Task.checkCancellation()
                    throw InferenceError(.engineFailed, "Choice \(choice) ended without its last event.")
                }
                try await body(choice, event)
                if case .finished = event { continue }
                let generation = generations[choice]
                group.addTask { (choice, try await Self.next(of: generation)) }
            }
        }
    }

    private static func next(of generation: Generation) async throws -> Generation.Event? {
        var iterator = generation.events.makeAsyncIterator()
        return try await iterator.next()
    }
}
