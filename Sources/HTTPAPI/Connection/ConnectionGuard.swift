import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends a connection whose client sends its request too slowly or without end, does not read what it asked for, or
/// waits where others need the room, and answers what is no HTTP.
///
/// All methods run on the channel's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Tells the request that is being answered whether there is still somebody to answer.
    let presence = ClientPresence()
    private let table: ConnectionTable
    private var limits: ConnectionLimits { table.limits }
    /// The connection's place among those that wait for their clients; nil if it does not, or is closed.
    private var place: ConnectionTable.Place?
    private var headerDeadline: Scheduled<Void>?
    private var bodyDeadline: Scheduled<Void>?
    private var unreadDeadline: Scheduled<Void>?
    private var stallDeadline: Scheduled<Void>?
    /// The bytes of the current request's body so far.
    private var bodySize = 0
    /// How many requests have begun.
    private var begun = 0
    /// How many requests have come to their end.
    private var received = 0
    /// How many requests were answered, which can be before their end.
    private var answered = 0
    /// Whether the request that has begun last is the last one: what comes behind it cannot be understood, or its body
    /// never comes.
    private var isLast = false
    /// Whether the client has sent the beginning of its next request.
    private var hasBeginning = false
    /// Whether anything was understood of what the client has sent just now.
    private var hasUnderstood = false
    /// Whether the last answer has been written.
    private var isEnding = false
    private var isClosed = false
    /// Whether the client leaves unread what it asked for.
    private var isUnread = false

    init(table: ConnectionTable) {
        self.table = table
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.pipeline.syncOperations.addWireHandlers()
        headerDeadline = close(context, after: limits.firstHeaderTime)
        place = table.enter(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        hasUnderstood = true
        switch unwrapInboundIn(data) {
        case .head(let request):
            headerDeadline?.cancel()
            hasBeginning = false
            begun += 1
            bodySize = 0
            bodyDeadline?.cancel()
            bodyDeadline = close(context, after: limits.bodyTime)
            if request.headerFields[.expect]?.lowercased() == "100-continue" {
                if (request.headerFields.contentLength ?? 0) > limits.invitedBodySize {
                    isLast = true
                } else if begun == answered + 1 {
                    context.writeAndFlush(wrapOutboundOut(.provisional), promise: nil)
                }
            }
        case .body(let buffer):
            bodySize += buffer.readableBytes
            guard bodySize <= limits.bodySize else { return context.close(promise: nil) }
        case .end:
            bodyDeadline?.cancel()
            bodyDeadline = nil
            received += 1
            noteWhetherItWaits(context)
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !hasUnderstood, begun == received { hasBeginning = true }
        hasUnderstood = false
        noteWhetherItWaits(context)
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isEnding else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational && isLast && answered + 1 == begun:
            head.headerFields[.connection] = "close"
            return context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: return context.write(data, promise: promise)
        case .end: answered += 1
        }
        let sent = promise ?? context.eventLoop.makePromise()
        // Before, it must not be closed: the answer would be lost.
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in noteWhetherItWaits(context) }
        context.write(data, promise: sent)
        if isLast, answered == begun { end(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let eviction = event as? ConnectionTable.Eviction else {
            if case ChannelEvent.inputClosed = event { presence.note(.finished) }
            return context.fireUserInboundEventTriggered(event)
        }
        // If a request has come in the meantime, another one has to go.
        guard eviction.place == place else { return table.makeRoom() }
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        for deadline in [unreadDeadline, stallDeadline] { deadline?.cancel() }
        isUnread = false
        noteWhetherItWaits(context)
        if !context.channel.isWritable {
            stallDeadline = close(context, after: limits.stallTime)
            unreadDeadline = schedule(context, after: limits.unreadTime) { [self] in
                isUnread = true
                noteWhetherItWaits(context)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isEnding, !(error is ChannelError), !(error is IOError) else { return context.fireErrorCaught(error) }
        isLast = true
        // An answer that is under way is the last one; whoever waits for the body is told.
        guard answered == begun else { return context.fireErrorCaught(error) }
        answer(error as? APIError ?? Self.refusal(of: error as? HTTPParserError), context)
    }

    private static func refusal(of error: HTTPParserError?) -> APIError {
        switch error {
        case .headerOverflow: APIError(.headerTooLarge, "The request's line and headers are too large.")
        case .invalidMethod:
            APIError(.badRequest, "The request's method is unknown here; methods are written in capital letters.")
        case .invalidURL:
            APIError(.badRequest, "The request's target is no URL: percent-encode what is not a plain ASCII character.")
        case .invalidVersion: APIError(.badRequest, "HTTP/1.1 and HTTP/1.0 are spoken here, and no other version.")
        case .invalidContentLength, .unexpectedContentLength, .invalidChunkSize:
            APIError(.badRequest, "The request's body is not framed as HTTP wants it.")
        default: APIError(.badRequest, "This is no HTTP request.")
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { letGo() }

    func channelInactive(context: ChannelHandlerContext) {
        letGo()
        context.fireChannelInactive()
    }

    private func letGo() {
        guard !isClosed else { return }
        isClosed = true
        presence.note(.gone)
        for deadline in [headerDeadline, bodyDeadline, unreadDeadline, stallDeadline] { deadline?.cancel() }
        table.leave(place)
        place = nil
    }

    /// Keeps the connection's place up to date: it waits unless a whole request is there that is not answered, and the
    /// client takes what it gets.
    private func noteWhetherItWaits(_ context: ChannelHandlerContext) {
        let isIdle = answered > 0 && [begun, received] == [answered, answered] && !hasBeginning && !isUnread
        let isWaiting = (received <= answered || isUnread) && !isClosed
        if let place, !isWaiting || place.isIdle != isIdle {
            table.remove(place)
            self.place = nil
        }
        if isWaiting, place == nil { place = table.add(context.channel, isIdle: isIdle) }
    }

    private func close(_ context: ChannelHandlerContext, after time: Duration) -> Scheduled<Void> {
        schedule(context, after: time) { context.close(promise: nil) }
    }

    private func schedule(
        _ context: ChannelHandlerContext,
        after time: Duration,
        _ task: @escaping () -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time), task)
    }

    /// The last answer on the connection. The path is unknown, so it is in the envelope.
    private func answer(_ error: APIError, _ context: ChannelHandlerContext) {
        let id = Hummingbird.RequestID().description
        table.logger.info(
            "Refused what is no request",
            metadata: [
                APIRequestContext.idKey: "\(id)", "status": .stringConvertible(error.code.status.code),
                "reason": "\(error.message)",
            ]
        )
        let body = error.envelope
        let head = HTTPResponse(
            status: error.code.status,
            headerFields: [
                .contentType: "application/json", .contentLength: String(body.readableBytes), .connection: "close",
                .requestID: id,
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
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
