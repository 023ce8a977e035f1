import Foundation
import LlamaCore
import Profiles
import Steering
import Testing

/// The real model and the real SAE, loaded once for all suites.
enum Fixture {
    static let layer = 15

    static var modelPath: String {
        let environment = ProcessInfo.processInfo.environment
        let data =
            environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? NSHomeDirectory() + "/.local/share"
        return data + "/millm/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    }

    static let saePath = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../saes/smollm2-135m-instruct-l15").standardizedFileURL.path

    private static let shared = Result { try makeCore(contextLength: 2048) }
    private static let autoencoder = Result { try SparseAutoencoder(directory: saePath) }

    /// The core that the tests share. Fails, and does not skip, if the model is missing.
    static var core: LlamaCore { get throws { try shared.get() } }
    static var sae: SparseAutoencoder { get throws { try autoencoder.get() } }

    static func makeCore(parallel: Int = 8, contextLength: Int = 256, queueLimit: Int = 64) throws -> LlamaCore {
        try LlamaCore(
            LlamaCore.Configuration(
                modelPath: modelPath,
                parallel: parallel,
                contextLength: contextLength,
                threads: 2,
                queueLimit: queueLimit
            )
        )
    }

    /// The plan of a profile with these features, moved to another layer if one is given.
    static func plan(_ steering: [Int: Double], layer: Int? = nil) throws -> SteeringPlan {
        let plan = try SteeringPlan(profile: Profile(name: "Test", steering: steering), origin: nil, sae: sae)
        guard let layer else { return plan }
        return SteeringPlan(origin: nil, sae: plan.sae, layer: layer, strengths: steering, delta: plan.delta)
    }

    static func question(_ text: String) -> GenerationRequest.Prompt {
        .chat([ChatMessage(role: "user", content: text)])
    }
}

/// An answer that has come to its end.
struct Answer: Hashable {
    var text = ""
    var tokens: [Generation.Token] = []
    var reason: Generation.FinishReason?
    var usage: Generation.Usage?

    var ids: [Int32] { tokens.map(\.id) }
}

extension Generation {
    func answer() async throws -> Answer {
        var answer = Answer()
        for try await event in events {
            switch event {
            case .text(let text, let tokens):
                answer.text += text
                answer.tokens += tokens
            case .finished(let reason, let usage):
                answer.reason = reason
                answer.usage = usage
            }
        }
        return answer
    }
}

extension LlamaCore {
    func answer(_ request: GenerationRequest) async throws -> Answer {
        try await generate(request).answer()
    }

    /// A greedy answer with log probabilities, so that equality means the same numbers and not just the same words.
    func answer(
        to prompt: GenerationRequest.Prompt,
        under plan: SteeringPlan,
        tokens: Int = 16,
        sampling: Sampling = .greedy
    ) async throws -> Answer {
        try await answer(
            GenerationRequest(prompt: prompt, maxTokens: tokens, sampling: sampling, topLogprobs: 2, plan: plan)
        )
    }
}
