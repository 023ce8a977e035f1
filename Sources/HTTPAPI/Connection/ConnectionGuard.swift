import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends a connection whose client sends its body too slowly or without end, or does not read what it asked for, and
/// answers what is no HTTP.
///
/// All methods run on the channel's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private var bodyDeadline: Scheduled<Void>?
    private var stallDeadline: Scheduled<Void>?
    /// The bytes of the current request's body so far.
    private var bodySize = 0
    /// Requests that have come and are not yet answered.
    private var open = 0
    /// Whether what comes from the client can no longer be understood.
    private var isBroken = false
    /// Whether the last answer has been written.
    private var isEnding = false

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.pipeline.syncOperations.addRequestTarget()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        switch unwrapInboundIn(data) {
        case .head(let request):
            open += 1
            bodySize = 0
            bodyDeadline?.cancel()
            bodyDeadline = close(context, after: limits.bodyTime)
            if open == 1, awaitsContinue(request) { context.writeAndFlush(wrapOutboundOut(.provisional), promise: nil) }
        case .body(let buffer):
            bodySize += buffer.readableBytes
            guard bodySize <= limits.bodySize else { return context.close(promise: nil) }
        case .end:
            bodyDeadline?.cancel()
            bodyDeadline = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isEnding else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        open -= 1
        // Nobody knows where the next request would begin.
        if isBroken, open == 0 { end(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallDeadline?.cancel()
        stallDeadline = context.channel.isWritable ? nil : close(context, after: limits.stallTime)
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isEnding, !(error is ChannelError), !(error is IOError) else { return context.fireErrorCaught(error) }
        isBroken = true
        // An answer that is under way is the last one; whoever waits for the body is told.
        guard open == 0 else { return context.fireErrorCaught(error) }
        if let error = error as? APIError {
            answer(error, context)
        } else if case .headerOverflow? = error as? HTTPParserError {
            answer(APIError(.headerTooLarge, "The request's line and headers are too large."), context)
        } else {
            answer(APIError(.badRequest, "This is no HTTP request."), context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        bodyDeadline?.cancel()
        stallDeadline?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        bodyDeadline?.cancel()
        stallDeadline?.cancel()
        context.fireChannelInactive()
    }

    /// Whether the client holds its body back until it is told to go on, and the body is one that is read.
    private func awaitsContinue(_ request: HTTPRequest) -> Bool {
        let length = request.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        return request.headerFields[.expect]?.lowercased() == "100-continue" && length <= limits.bodySize
    }

    private func close(_ context: ChannelHandlerContext, after time: Duration) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { context.close(promise: nil) }
    }

    /// The last answer on the connection. The path is unknown, so it is in the envelope.
    private func answer(_ error: APIError, _ context: ChannelHandlerContext) {
        let body = (try? JSONEncoder.api.encode(Envelope(error: error))) ?? Data()
        let head = HTTPResponse(
            status: error.code.status,
            headerFields: [
                .contentType: "application/json", .contentLength: String(body.count), .connection: "close",
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    private func end(_ context: ChannelHandlerContext) {
        isEnding = true
        context.flush()
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
