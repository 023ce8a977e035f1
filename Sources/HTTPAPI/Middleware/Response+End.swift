import Hummingbird

extension Response {
    /// Calls the closure once the answer is through: at once for a body of known length, else when its last piece is
    /// written or its writing fails.
    ///
    /// - Parameter action: Told whether the whole body was written.
    mutating func whenThrough(_ action: @escaping @Sendable (_ isWhole: Bool) -> Void) {
        guard body.contentLength == nil else { return action(true) }
        let original = body
        body = ResponseBody { writer in
            do {
                try await original.write(writer)
            } catch {
                action(false)
                throw error
            }
            action(true)
        }
    }
}
