import Steering
import Testing

@testable import LlamaCore

@Suite struct `Steering the real model` {
    let core: LlamaCore
    let model: Model

    init() throws {
        core = try Fixture.core
        model = try ReferenceModel.model
    }

    private func reference(_ prompt: GenerationRequest.Prompt, _ plan: SteeringPlan, count: Int) throws -> [Int32] {
        let tokens =
            switch prompt {
            case .chat(let messages): try ChatTemplate(of: model).tokens(of: messages, in: model)
            case .text(let text): try model.tokens(of: text.utf8, parsingSpecial: true, addingSpecial: true)
            }
        return try ControlVectorReference.tokens(of: tokens, count: count, plan: plan, model: model)
    }

    @Test(arguments: [[2028: 45.0], [1588: 45.0], [791: 45.0, 131: 20.5, 622: -12.25]])
    func `greedy output is token for token that of libllama's own control vector`(features: [Int: Double]) async throws
    {
        let plan = try Fixture.plan(features)
        let prompt = Fixture.question("Tell me about your day.")
        let answer = try await core.answer(to: prompt, under: plan, tokens: 24)
        #expect(try answer.ids == reference(prompt, plan, count: 24))
        let plain = try await core.answer(to: prompt, under: .unsteered, tokens: 24)
        #expect(answer.text != plain.text)
    }

    @Test func `unsteered output is libllama's`() async throws {
        let prompt = Fixture.question("Name three colours.")
        let answer = try await core.answer(to: prompt, under: .unsteered, tokens: 24)
        #expect(try answer.ids == reference(prompt, .unsteered, count: 24))
    }

    @Test func `a strength of 0 steers nothing`() async throws {
        let plan = try Fixture.plan([2028: 0])
        #expect(plan.digest == SteeringPlan.unsteered.digest)
        let prompt = Fixture.question("Name three rivers.")
        let answer = try await core.answer(to: prompt, under: plan)
        #expect(try await answer == core.answer(to: prompt, under: .unsteered))
    }

    @Test(arguments: [1, 28, 29])
    func `other blocks are steered at their own output, the last one included`(layer: Int) async throws {
        let plan = try Fixture.plan([1588: 45], layer: layer)
        let prompt = Fixture.question("What is a good breakfast?")
        let answer = try await core.answer(to: prompt, under: plan)
        #expect(try answer.ids == reference(prompt, plan, count: 16))
        #expect(try await answer != core.answer(to: prompt, under: .unsteered))
    }

    @Test func `the first block, which a control vector cannot reach, is steered`() async throws {
        let plan = try Fixture.plan([1588: 45], layer: 0)
        let prompt = Fixture.question("What is a good breakfast?")
        let answer = try await core.answer(to: prompt, under: plan)
        let others = try await [SteeringPlan.unsteered, Fixture.plan([1588: 45], layer: 1)]
            .asyncMap { try await core.answer(to: prompt, under: $0) }
        #expect(!others.contains(answer))
    }

    @Test(arguments: [15, 29])
    func `a prompt that is longer than a batch is steered in every part`(layer: Int) async throws {
        let plan = try Fixture.plan([2028: 45], layer: layer)
        let prompt = GenerationRequest.Prompt.text(
            String(repeating: "The old ship left the harbour at dawn. ", count: 70)
        )
        let answer = try await core.answer(to: prompt, under: plan, tokens: 12)
        #expect(try #require(answer.usage).promptTokens > 512)
        #expect(try answer.ids == reference(prompt, plan, count: 12))
    }

    @Test func `requests with different steering decode together and get what they get alone`() async throws {
        let prompt = Fixture.question("Describe a walk in the evening.")
        let plans = try [
            .unsteered, Fixture.plan([2028: 45]), Fixture.plan([1588: 45]), Fixture.plan([131: 50], layer: 3),
            Fixture.plan([622: 40], layer: 29),
        ]
        let alone = try await plans.asyncMap { try await core.answer(to: prompt, under: $0) }
        for round in 0..<2 {
            let together = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
                for (index, plan) in plans.enumerated() {
                    group.addTask { (index, try await core.answer(to: prompt, under: plan)) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for index in plans.indices { #expect(together[index] == alone[index], "plan \(index), round \(round)") }
        }
        #expect(Set(alone).count == plans.count)
    }

    @Test func `memory of an earlier request with the same beginning changes no number`() async throws {
        let plan = try Fixture.plan([1588: 45])
        let story = "Once upon a time there was a miller who had three sons, a mill, a donkey and a cat."
        let first = try await core.answer(to: .text(story), under: plan)
        #expect(try await core.answer(to: .text(story), under: plan) == first)
        let longer = GenerationRequest.Prompt.text(story + " The sons had to grind")
        let continued = try await core.answer(to: longer, under: plan)
        let fresh = try Fixture.makeCore(parallel: 1)
        #expect(try await continued == fresh.answer(to: longer, under: plan))
        #expect(
            try await core.answer(to: .text(story), under: .unsteered)
                == fresh.answer(to: .text(story), under: .unsteered)
        )
        await fresh.shutdown()
    }

    @Test func `a swap of the current plan leaves running requests alone and steers the next`() async throws {
        let core = try Fixture.makeCore(parallel: 2)
        let request = GenerationRequest(prompt: Fixture.question("Tell me a story."), maxTokens: 24, sampling: .greedy)
        let before = try await core.answer(request)
        let plan = try Fixture.plan([1588: 45])

        let generation = try await core.generate(request)
        try core.apply(plan)
        #expect(core.plan == plan)
        #expect(generation.plan == .unsteered)
        #expect(try await generation.answer() == before)

        let next = try await core.generate(request)
        #expect(next.plan == plan)
        #expect(try await next.answer() != before)
        await core.shutdown()
    }

    @Test(arguments: [
        SteeringPlan(origin: nil, sae: nil, layer: 15, strengths: [:], delta: [1, 2, 3]),
        SteeringPlan(origin: nil, sae: nil, layer: 30, strengths: [:], delta: Array(repeating: 1, count: 576)),
        SteeringPlan(origin: nil, sae: nil, layer: 3, strengths: [:], delta: Array(repeating: .infinity, count: 576)),
    ])
    func `a plan that does not fit is refused and changes nothing`(plan: SteeringPlan) async throws {
        let core = try Fixture.core
        let before = core.plan
        let error = #expect(throws: InferenceError.self) { try core.apply(plan) }
        #expect(error?.code == .unsuitablePlan)
        #expect(core.plan == before)
        let refusal = await #expect(throws: InferenceError.self) {
            try await core.generate(GenerationRequest(prompt: .text("Hello"), plan: plan))
        }
        #expect(refusal?.code == .unsuitablePlan)
    }
}

/// A second copy of the model, for what is compared with the core.
enum ReferenceModel {
    private static let shared = Result { try Model(path: Fixture.modelPath) }
    static var model: Model { get throws { try shared.get() } }
}

extension Array {
    /// One after the other.
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
