import CLlama
import Steering

extension Model {
    /// Cuts text into tokens.
    ///
    /// - Parameters:
    ///   - parsingSpecial: Whether `<|im_start|>` and the like mean the special token; otherwise they are plain text.
    ///   - addingSpecial: Whether to add what the model wants around a text, such as a first token.
    /// - Throws: ``InferenceError`` `.promptTooLong` for texts of gigabytes.
    func tokens(
        of text: some Collection<UInt8>,
        parsingSpecial: Bool,
        addingSpecial: Bool
    ) throws(InferenceError) -> [Int32] {
        let text = Array(text)
        // A token is at least one byte of text, but for what is added around it.
        let capacity = text.count + 8
        guard capacity < Int32.max else {
            throw InferenceError(.promptTooLong, "The prompt has \(text.count) bytes.")
        }
        var tokens = [Int32](repeating: 0, count: capacity)
        let count = unsafe text.withUnsafeBytes { bytes in
            unsafe llama_tokenize(
                vocabulary,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(text.count),
                &tokens,
                Int32(capacity),
                addingSpecial,
                parsingSpecial
            )
        }
        guard count >= 0 else {
            throw InferenceError(.engineFailed, "libllama could not tokenise the prompt (\(count)).")
        }
        return Array(tokens.prefix(Int(count)))
    }

    /// Refuses a text that is far too long, before all of it is cut up: piece by piece, since libllama's time grows
    /// with the square of the special tokens in a text.
    ///
    /// - Throws: ``InferenceError`` `.promptTooLong`, if the text has at least `limit` tokens.
    func checkLength(of text: some StringProtocol, limit: Int) throws(InferenceError) {
        let text = Array(text.utf8)
        let pieceSize = 32 << 10
        guard text.count > pieceSize else { return }
        var rest = text[...]
        var count = 0
        while !rest.isEmpty {
            var end = rest.index(rest.startIndex, offsetBy: pieceSize, limitedBy: rest.endIndex) ?? rest.endIndex
            while end < rest.endIndex, rest[end] & 0xC0 == 0x80 { end -= 1 }  // not within a character
            count += try tokens(of: rest[..<end], parsingSpecial: true, addingSpecial: false).count
            rest = rest[end...]
            guard count < limit else {
                throw InferenceError(
                    .promptTooLong,
                    "The prompt has at least \(count) tokens; the context holds \(limit), one of them for the answer."
                )
            }
            count -= 64  // A cut makes fewer tokens than that out of one.
        }
    }

    /// The bytes that a token stands for, which may be part of a character.
    ///
    /// - Parameter showingSpecial: Whether special tokens have their name as text, or none.
    func bytes(of token: Int32, showingSpecial: Bool) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 64)
        var count = unsafe llama_token_to_piece(vocabulary, token, &buffer, Int32(buffer.count), 0, showingSpecial)
        if count < 0 {
            buffer = [CChar](repeating: 0, count: Int(-count))
            count = unsafe llama_token_to_piece(vocabulary, token, &buffer, Int32(buffer.count), 0, showingSpecial)
        }
        return buffer.prefix(Int(max(0, count))).map { UInt8(bitPattern: $0) }
    }

    /// Whether the model ends its answer with the token.
    func endsGeneration(_ token: Int32) -> Bool {
        unsafe llama_vocab_is_eog(vocabulary, token)
    }
}
