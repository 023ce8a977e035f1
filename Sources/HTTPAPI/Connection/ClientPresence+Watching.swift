import Hummingbird
import NIOCore
import NIOHTTPTypes

extension ClientPresence {
    /// How often a client that has ended its side is asked whether it still listens.
    private static let probeInterval = Duration.seconds(1)

    /// Runs the operation, and cancels it once the client has gone away.
    ///
    /// Of a client that has ended its side, only sending something tells whether it listens: whoever has gone answers
    /// with a reset.
    ///
    /// - Parameters:
    ///   - channel: The connection.
    ///   - probe: What can be sent to a client that waits without changing what it gets in the end.
    /// - Throws: `CancellationError` if the client has gone, and what the operation throws.
    func whileHere<Value: Sendable>(
        on channel: any Channel,
        probing probe: HTTPResponsePart,
        _ operation: @escaping @Sendable @concurrent () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                await self.wait(for: .gone)
                throw CancellationError()
            }
            group.addTask {
                await self.wait(for: .finished)
                while true {
                    try Task.checkCancellation()
                    try await channel.writeAndFlush(probe).get()
                    try await Task.sleep(for: Self.probeInterval)
                }
            }
            defer { group.cancelAll() }
            do {
                guard let value = try await group.next() else { throw CancellationError() }
                return value
            } catch is ChannelError {
                throw CancellationError()
            } catch is IOError {
                throw CancellationError()
            }
        }
    }
}

extension ResponseBody {
    /// A body of server-sent events, which is written for as long as the client listens.
    static func stream(
        on channel: any Channel,
        _ write: @escaping @Sendable @concurrent (inout any ResponseBodyWriter) async throws -> Void
    ) -> ResponseBody {
        ResponseBody { body in
            let handover = WriterHandover(writer: body)
            try await ClientPresence.on(channel).whileHere(on: channel, probing: .comment) {
                var body = handover.writer
                try await write(&body)
            }
            try await body.finish(nil)
        }
    }
}

/// A response's writer on its way to the task that uses it.
// Safety: whoever hands the writer over leaves it alone until that task has ended.
private struct WriterHandover: @unchecked Sendable {
    let writer: any ResponseBodyWriter
}

extension HTTPResponsePart {
    /// A probe for a client whose answer has not begun: it says that the request is welcome, which every client skips.
    static let provisional = HTTPResponsePart.head(HTTPResponse(status: .continue))
    /// A probe for a client that reads server-sent events: a comment, which every client skips.
    static let comment = HTTPResponsePart.body(ByteBuffer(string: ":\n\n"))
}
