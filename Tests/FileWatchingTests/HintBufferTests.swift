import Testing

@testable import FileWatching

@Suite struct HintBufferTests {
    @Test func `a name is handed out once, however often it was added`() async {
        let buffer = HintBuffer(limit: 10)
        buffer.add([.name("a"), .name("a")])
        buffer.add([.name("a"), .poll])
        #expect(await buffer.next() == .name("a"))
        #expect(await buffer.next() == .poll)
        buffer.finish()
        #expect(await buffer.next() == nil)
    }

    @Test func `of several hints about a name the last that tells whether it is whole stands`() async {
        let buffer = HintBuffer(limit: 10)
        for telling in [WatchHint.closed("a"), .created("a")] {
            buffer.add([.name("a"), telling])
            #expect(await buffer.next() == telling)
            buffer.add([telling, .name("a")])
            #expect(await buffer.next() == telling)
        }
        buffer.add([.closed("a"), .created("a")])
        #expect(await buffer.next() == .created("a"))
        buffer.add([.created("a"), .closed("a")])
        #expect(await buffer.next() == .closed("a"))
    }

    @Test func `more names than fit become one rescan`() async {
        let buffer = HintBuffer(limit: 3)
        buffer.add((0..<5).map { .name("\($0)") })
        #expect(await buffer.next() == .rescan)
        buffer.add([.name("later")])
        #expect(await buffer.next() == .name("later"))
    }

    @Test func `a rescan covers what waits, and the later of rescan and gone counts`() async {
        let buffer = HintBuffer(limit: 3)
        buffer.add([.name("a"), .poll, .gone, .rescan, .name("b"), .poll])
        buffer.finish()
        #expect(await buffer.next() == nil)

        let other = HintBuffer(limit: 3)
        other.add([.name("a"), .rescan, .gone, .poll])
        #expect(await other.next() == .gone)
        other.add([.poll])
        #expect(await other.next() == .poll)
    }

    @Test func `a waiting reader is woken by a hint, by the end and by cancellation`() async {
        let buffer = HintBuffer(limit: 3)
        let woken = Task { await buffer.next() }
        buffer.add([.name("a")])
        #expect(await woken.value == .name("a"))

        let cancelled = Task { await buffer.next() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)

        let ended = Task { await buffer.next() }
        buffer.finish()
        #expect(await ended.value == nil)
    }
}
