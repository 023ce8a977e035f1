import Hummingbird
import Synchronization

extension Response {
    /// Calls the closure once the answer is through: at once for a body of known length, else when its last piece is
    /// written, its writing fails, or it is let go of because its client went away before it began.
    ///
    /// - Parameter action: Told whether the whole body was written.
    mutating func whenThrough(_ action: @escaping @Sendable (_ isWhole: Bool) -> Void) {
        guard body.contentLength == nil else { return action(true) }
        let original = body
        let end = ResponseEnd(action)
        body = ResponseBody { writer in
            do {
                try await original.write(writer)
            } catch {
                end.come(isWhole: false)
                throw error
            }
            end.come(isWhole: true)
        }
    }
}

/// The end of an answer, which comes exactly once.
private final class ResponseEnd: Sendable {
    private let action: @Sendable (_ isWhole: Bool) -> Void
    private let hasCome = Mutex(false)

    init(_ action: @escaping @Sendable (_ isWhole: Bool) -> Void) {
        self.action = action
    }

    deinit { come(isWhole: false) }

    func come(isWhole: Bool) {
        let isFirst = hasCome.withLock { hasCome in
            defer { hasCome = true }
            return !hasCome
        }
        if isFirst { action(isWhole) }
    }
}
