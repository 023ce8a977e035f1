import Dispatch
import Steering

/// Where prompts are cut into tokens.
///
/// A prompt of a megabyte takes a second or two, which nobody else is to wait for: long ones go one after the other
/// on a queue of their own, off the cooperative pool. Short ones take less time than the way there and back.
struct TokenizerQueue: Sendable {
    /// From how many bytes on a prompt counts as long; one of this size takes a few milliseconds.
    private static let longPrompt = 4 << 10

    private let queue = DispatchQueue(label: "millm.tokens")

    /// Cuts a prompt into tokens.
    ///
    /// - Parameter byteCount: The prompt's size.
    func tokens(
        byteCount: Int,
        _ body: @escaping @Sendable () throws(InferenceError) -> [Int32]
    ) async throws(InferenceError) -> [Int32] {
        guard byteCount >= Self.longPrompt else { return try body() }
        let result = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Result { () throws(InferenceError) in try body() })
            }
        }
        return try result.get()
    }
}

extension GenerationRequest.Prompt {
    /// The prompt's size in bytes of UTF-8, with about what a template puts around each message.
    var byteCount: Int {
        switch self {
        case .chat(let messages): messages.reduce(0) { $0 + 32 + $1.content.utf8.count }
        case .text(let text): text.utf8.count
        }
    }
}
