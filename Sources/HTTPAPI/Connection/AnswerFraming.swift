import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Ends answers as their requests want it: HEAD gets the headers that GET would get, and nothing behind them, and a
/// client of HTTP/1.0 no chunks and no provisional answers, which it does not know.
///
/// It stands next to the encoder, which knows nothing of requests. All methods run on the channel's event loop.
final class AnswerFraming: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Asker {
        var isHead: Bool
        var isOld: Bool
    }

    /// Who waits for an answer, in order.
    private var askers = CircularBuffer<Asker>()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            askers.append(Asker(isHead: head.method == .HEAD, isOld: head.version != .http1_1))
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // What is no request at all is answered, too.
        guard let asker = askers.first else { return context.write(data, promise: promise) }
        // Not framed, and told of in its turn.
        let nothing = wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))
        switch unwrapOutboundIn(data) {
        case .head(var head):
            let isProvisional = head.status.code < 200
            if isProvisional, asker.isOld {
                // Whoever cannot be asked whether they still listen counts as gone.
                promise?.fail(ChannelError.inputClosed)
                return
            }
            // The answer of the old version ends with the connection.
            if asker.isOld, !head.headers.contains(name: "Content-Length") { head.version = .http1_0 }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(asker.isHead ? nothing : data, promise: promise)
        case .end:
            askers.removeFirst()
            context.write(asker.isHead ? nothing : data, promise: promise)
        }
    }
}

@available(*, unavailable)
extension AnswerFraming: Sendable {}

extension ChannelPipeline.SynchronousOperations {
    /// Puts what knows HTTP/1.1 alone before the conversion to HTTP types, if there is one.
    func addWireHandlers() {
        guard let codec = try? handler(type: HTTP1ToHTTPServerCodec.self) else { return }
        // It fails only on a channel that is closed already.
        try? addHandlers([AnswerFraming(), RequestTarget()], position: .before(codec))
    }
}
