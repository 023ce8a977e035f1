import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

@Suite struct StatusBoardTests {
    private static func board(at start: Int64 = 1000) -> StatusBoard {
        let model = LoaderStatus.Model(name: "Echo-1B", embeddingSize: 8, layerCount: 4)
        let status = LoaderStatus(pid: 1, mode: .inotify, model: model, sae: nil)
        return StatusBoard(status, startedAt: Timestamp(microseconds: start))
    }

    @Test func `who knows nothing gets the whole status, and from there event by event`() throws {
        let board = Self.board()
        board.publish(board.status, [(.activated, try ProfileID("a")), (.applied, try ProfileID("a"))])
        let first = board.events(after: nil)
        #expect(first.snapshot == board.status)
        #expect(first.events.isEmpty)
        #expect(first.last.description == "1000-2")

        #expect(board.events(after: first.last) == LoaderEvent.Page(snapshot: nil, events: [], last: first.last))
        board.publish(board.status, [(.deactivated, try ProfileID("a"))])
        let second = board.events(after: first.last)
        #expect(second.snapshot == nil)
        #expect(second.events.map(\.id.description) == ["1000-3"])
        #expect(second.events.map(\.kind) == [.deactivated])
    }

    @Test func `what was missed is told in order, as long as it is remembered`() throws {
        let board = Self.board()
        for number in 1...3000 {
            var status = board.status
            status.generation = number
            board.publish(status, [(.applied, nil)])
        }
        let known = LoaderEvent.ID(run: 1000, number: 3000 - StatusBoard.capacity)
        let page = board.events(after: known)
        #expect(page.snapshot == nil)
        #expect(page.events.map(\.status.generation) == Array((3001 - StatusBoard.capacity)...3000))
        let forgotten = board.events(after: LoaderEvent.ID(run: 1000, number: 1))
        #expect(forgotten.snapshot?.generation == 3000)
        #expect(forgotten.events.isEmpty)
        #expect(forgotten.last == page.last)
    }

    @Test(arguments: ["999-1", "1001-1", "1000-5", "1000-9223372036854775807"])
    func `an event of another run, or of the future, is no place to go on from`(text: String) throws {
        let board = Self.board()
        for _ in 1...4 { board.publish(board.status, [(.applied, nil)]) }
        let id = try #require(LoaderEvent.ID(text))
        let page = board.events(after: id)
        #expect(page.snapshot == board.status)
    }

    @Test(arguments: ["", "1", "1-", "-1", "1-2-3", "a-1", "1-a", "1--1", "1- 2", "9223372036854775808-1"])
    func `what is no id is none`(text: String) {
        #expect(LoaderEvent.ID(text) == nil)
    }

    @Test func `the loader tells activations, applies, rejections and deactivations in order`() async throws {
        try await Workbench.with { bench in
            try bench.write("version: 1\nname: Night\nsteering: {3: 2.5}\n", to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            let start = LoaderEvent.ID(run: bench.loader.events(after: nil).last.run, number: 0)
            try bench.write("version: 1\nname: Night\nsteering: {3: x}\n", to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.write("version: 1\nname: Night\nsteering: {3: 3}\n", to: "night.yaml")
            _ = await bench.loader.reconcile()
            _ = try await bench.service.steer(by: [1: 1])
            _ = try await bench.service.deactivate(ProfileID("night"), clearsSteering: false)
            _ = try await bench.service.steer(by: [:])
            let events = bench.loader.events(after: start).events
            #expect(
                events.map { "\($0.kind) \($0.profile?.description ?? "-") \($0.status.state) \($0.status.generation)" }
                    == [
                        "activated night ok 1", "applied night ok 1", "rejected night degraded 1", "applied night ok 2",
                        "applied - held 3", "deactivated night held 3", "held - held 3", "applied - inactive 4",
                    ]
            )
            #expect(bench.loader.lastApplied == events.last?.time)
        }
    }
}
