import HummingbirdTesting
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(5)))
struct ClientPresenceTests {
    @Test func `an answered request leaves nothing on its connection`() async throws {
        let channel = NIOAsyncTestingChannel()
        let table = ConnectionTable(logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await channel.testingEventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(ConnectionGuard(table: table))
        }.get()
        let presence = await ClientPresence.on(channel)
        for round in 0..<1000 {
            let same = await ClientPresence.on(channel)
            #expect(same === presence)
            #expect(try await same.whileHere(on: channel, probing: .comment) { round } == round)
        }
        #expect(presence.watcherCount == 0)

        // What it is told, it tells whoever comes later, too.
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        await presence.wait(for: .finished)
        channel.pipeline.fireChannelInactive()
        await presence.wait(for: .gone)
        await #expect(throws: CancellationError.self) {
            try await presence.whileHere(on: channel, probing: .comment) { try await Task.sleep(for: .seconds(3600)) }
        }
        while presence.watcherCount > 0 { await Task.yield() }
        _ = try? await channel.finish()
    }

    @Test func `who has gone before anybody looked is gone`() async throws {
        let channel = NIOAsyncTestingChannel()
        _ = try await channel.finish()
        let presence = await ClientPresence.on(channel)
        await presence.wait(for: .gone)
    }
}
