import Steering

/// Eight sequences that decode for as long as something is measured.
struct Load {
    let core: any InferenceCore

    /// Runs the body under load.
    ///
    /// - Returns: What the body returns, and how many tokens were generated each second meanwhile.
    func with<Result>(_ body: () async throws -> Result) async throws -> (Result, tokensPerSecond: Double) {
        let start = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<8 {
                group.addTask {
                    var tokens = 0
                    while !Task.isCancelled {
                        let request = GenerationRequest(
                            prompt: .text("Number \(number) of eight stories that never end:"),
                            maxTokens: 400
                        )
                        let generation = try await core.generate(request)
                        for try await event in generation.events {
                            if case .text(_, let new) = event { tokens += new.count }
                        }
                    }
                    return tokens
                }
            }
            let result = try await body()
            let seconds = start.duration(to: .now) / .seconds(1)
            group.cancelAll()
            let tokens = try await group.reduce(0, +)
            return (result, Double(tokens) / seconds)
        }
    }
}
