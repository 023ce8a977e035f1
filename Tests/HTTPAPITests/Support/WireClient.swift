import HTTPTypes
import HummingbirdTesting
import NIOCore

/// A connection to a live server that shows the bytes of an answer as they arrive.
struct WireClient {
    let client: TestClient
    /// What arrived, piece by piece; ends with the connection.
    let pieces: AsyncStream<String>

    /// Connects, runs the body, and disconnects.
    static func connected<Result>(
        to port: Int,
        _ body: (WireClient) async throws -> Result
    ) async throws -> Result {
        let client = TestClient(host: "localhost", port: port)
        client.connect()
        let channel = try await client.getChannel()
        let (pieces, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(1024))
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(Tap(continuation: continuation), position: .first)
        }.get()
        do {
            let result = try await body(WireClient(client: client, pieces: pieces))
            try await client.shutdown()
            return result
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    /// Posts JSON and does not wait for the answer.
    func post(_ path: String, _ body: String, authority: String = "localhost") async throws {
        try await client.executeAndDontWaitForResponse(
            TestClient.Request(
                path,
                method: .post,
                authority: authority,
                headers: [.contentType: "application/json"],
                body: ByteBuffer(string: body)
            )
        )
    }

    /// Asks for something and does not wait for the answer.
    func get(_ path: String, headers: HTTPFields = [:]) async throws {
        try await client.executeAndDontWaitForResponse(
            TestClient.Request(path, method: .get, authority: "localhost", headers: headers)
        )
    }

    /// Reads until the text arrives or the connection ends, and returns all that came.
    func read(until text: String) async -> String {
        var received = ""
        for await piece in pieces {
            received += piece
            if received.contains(text) { break }
        }
        return received
    }

    /// Copies what is read from the socket.
    private final class Tap: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<String>.Continuation

        init(continuation: AsyncStream<String>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(String(buffer: unwrapInboundIn(data)))
            context.fireChannelRead(data)
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
            context.fireChannelInactive()
        }
    }
}
