import Steering
import Testing

@testable import LlamaCore

@Suite struct `Requests side by side` {
    private let endless = GenerationRequest(prompt: .text("1 2 3 4 5 6 7 8 9 10 11"), sampling: .greedy)

    @Test func `more requests than may run and wait are refused`() async throws {
        let core = try Fixture.makeCore(parallel: 1, queueLimit: 1)
        let running = try await core.generate(endless)
        let waiting = try await core.generate(endless)
        let error = await #expect(throws: InferenceError.self) { try await core.generate(endless) }
        #expect(error?.code == .queueFull)
        #expect(try await running.answer() == waiting.answer())
        _ = try await core.answer(GenerationRequest(prompt: .text("Hello"), maxTokens: 1))
        await core.shutdown()
    }

    @Test func `a client that goes away frees its place`() async throws {
        let core = try Fixture.makeCore(parallel: 1, contextLength: 4096, queueLimit: 2)
        var abandoned: Generation? = try await core.generate(endless)
        for try await _ in try #require(abandoned).events { break }
        abandoned = nil
        let task = Task { try await core.answer(endless) }
        let answer = try await core.answer(GenerationRequest(prompt: .text("Hello"), maxTokens: 3, sampling: .greedy))
        #expect(answer.usage?.completionTokens == 3)
        task.cancel()
        _ = await task.result
        await core.shutdown()
    }

    @Test func `a short prompt does not wait for the whole of a long one`() async throws {
        let core = try Fixture.core
        let long = GenerationRequest(prompt: .text(String(repeating: "word and ", count: 450)), maxTokens: 1)
        let reading = try await core.generate(long)
        let short = try await core.generate(GenerationRequest(prompt: Fixture.question("Hello"), maxTokens: 4))
        let order = try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask {
                _ = try await reading.answer()
                return "long"
            }
            group.addTask {
                _ = try await short.answer()
                return "short"
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(order == ["short", "long"])
    }

    @Test func `the oldest goes on though there is not a row for each in a batch`() async throws {
        let core = try Fixture.makeCore(parallel: 64, contextLength: 8192)
        let long = GenerationRequest(prompt: .text(String(repeating: "word and ", count: 50)), maxTokens: 1)
        let oldest = try await core.generate(long)
        let order = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<63 {
                group.addTask {
                    _ = try await core.answer(
                        GenerationRequest(prompt: endless.prompt, maxTokens: 100, sampling: .greedy)
                    )
                    return "a later one"
                }
            }
            group.addTask {
                _ = try await oldest.answer()
                return "oldest"
            }
            let first = try await group.next()
            group.cancelAll()
            return first
        }
        #expect(order == "oldest")
        await core.shutdown()
    }

    @Test func `sequences that outgrow the memory step back and come to the same answers`() async throws {
        let core = try Fixture.makeCore(parallel: 4, contextLength: 112)
        let plans = try [.unsteered, Fixture.plan([2028: 45]), Fixture.plan([1588: 45]), Fixture.plan([622: 45])]
        let prompt = Fixture.question("Tell me a story about a king.")
        let alone = try await plans.asyncMap { try await core.answer(to: prompt, under: $0, tokens: 40) }
        let together = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            for (index, plan) in plans.enumerated() {
                group.addTask { (index, try await core.answer(to: prompt, under: plan, tokens: 40)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for index in plans.indices { #expect(together[index] == alone[index], "plan \(index)") }
        await core.shutdown()
    }

    @Test func `answers stay the same however often the memory has been filled`() async throws {
        let core = try Fixture.makeCore(parallel: 2, contextLength: 96)
        let plan = try Fixture.plan([1588: 45])
        let prompt = Fixture.question("Tell me about your king.")
        let first = try await core.answer(to: prompt, under: plan)
        for number in 0..<6 {
            async let other = core.answer(to: .text("Chapter \(number): the road to"), under: .unsteered, tokens: 24)
            #expect(try await core.answer(to: prompt, under: plan) == first, "round \(number)")
            _ = try await other
        }
        await core.shutdown()
    }

    @Test func `a draw repeats with its seed, whatever else runs`() async throws {
        let core = try Fixture.core
        let prompt = Fixture.question("Invent a name for a boat.")
        func draw(_ seed: UInt32) async throws -> Answer {
            let sampling = Sampling(temperature: 1.2, topP: 0.95, seed: seed, presencePenalty: 0.5)
            return try await core.answer(to: prompt, under: .unsteered, sampling: sampling)
        }
        let alone = try await draw(7)
        async let first = draw(8)
        async let second = draw(.max)
        #expect(try await draw(7) == alone)
        #expect(try await first != alone)
        #expect(try await second == draw(.max))
    }

    @Test func `shutting down answers what runs and refuses the rest`() async throws {
        let core = try Fixture.makeCore(parallel: 1)
        let running = try await core.generate(endless)
        var events = running.events.makeAsyncIterator()
        let first = try await events.next()
        #expect(first != nil)
        let waiting = try await core.generate(endless)
        // It has begun when this returns, however busy the machine is.
        let end = Task.immediate { await core.shutdown() }
        var last: Generation.Event?
        while let event = try await events.next() { last = event }
        guard case .finished = last else {
            Issue.record("ended with \(String(describing: last))")
            return
        }
        let refusal = await #expect(throws: InferenceError.self) { try await waiting.answer() }
        #expect(refusal?.code == .shutDown)
        await end.value
        let late = await #expect(throws: InferenceError.self) { try await core.generate(endless) }
        #expect(late?.code == .shutDown)
        await core.shutdown()
    }

    @Test func `dropping the core gives up what runs`() async throws {
        var core: LlamaCore? = try Fixture.makeCore(parallel: 1, contextLength: 4096)
        let running = try #require(try await core?.generate(endless))
        core = nil
        let error = await #expect(throws: InferenceError.self) { try await running.answer() }
        #expect(error?.code == .shutDown)
    }
}
