import CLlama
import Glibc
import Steering

/// The format in which a model was taught conversations.
struct ChatTemplate: Sendable {
    /// The roles that every template knows.
    static let roles: Set<String> = ["system", "user", "assistant"]

    /// The Jinja text from the model's metadata, by which libllama recognises the format; nil means ChatML.
    private let source: String?

    init(of model: Model) {
        source = unsafe llama_model_chat_template(model.pointer, nil).map { unsafe String(cString: $0) }
    }

    /// The tokens of a conversation, up to where the model is to answer.
    ///
    /// What people write cannot become a special token: where a message contains the text of one, the template's
    /// own text and the messages' are tokenised apart. Otherwise the text is tokenised in one go, as the
    /// model was trained.
    ///
    /// - Throws: ``InferenceError`` `.invalidRequest` for no message, an unknown role or a format that libllama does
    ///   not know.
    func tokens(of messages: [ChatMessage], in model: Model) throws(InferenceError) -> [Int32] {
        guard !messages.isEmpty else { throw InferenceError(.invalidRequest, "The conversation has no message.") }
        for message in messages where !Self.roles.contains(message.role) {
            throw InferenceError(
                .invalidRequest,
                "The role '\(message.role)' is unknown; the roles are system, user and assistant."
            )
        }
        for message in messages where try Self.needsCare(message.content, in: model) {
            return try tokensApart(of: messages, in: model)
        }
        return try model.tokens(of: text(of: messages).utf8, parsingSpecial: true, addingSpecial: true)
    }

    /// Whether the text holds a special token's text, or a NUL, which would end a C string.
    private static func needsCare(_ content: String, in model: Model) throws(InferenceError) -> Bool {
        if content.utf8.contains(0) { return true }
        let parsed = try model.tokens(of: content.utf8, parsingSpecial: true, addingSpecial: false)
        let plain = try model.tokens(of: content.utf8, parsingSpecial: false, addingSpecial: false)
        return parsed != plain
    }

    /// Tokenises the template around the messages' contents, and them as plain text.
    private func tokensApart(of messages: [ChatMessage], in model: Model) throws(InferenceError) -> [Int32] {
        // Private characters, which no template has, stand for the contents.
        func placeholder(_ index: Int) -> String { "\u{F8F0}\(index)\u{F8F1}" }
        let framed = messages.indices.map { ChatMessage(role: messages[$0].role, content: placeholder($0)) }
        var rest = Array(try text(of: framed).utf8)[...]
        var tokens: [Int32] = []
        for (index, message) in messages.enumerated() {
            let mark = Array(placeholder(index).utf8)
            guard let place = rest.firstRange(of: mark) else {
                throw InferenceError(.invalidRequest, "The model's chat template leaves message \(index + 1) out.")
            }
            let frame = rest[..<place.lowerBound]
            tokens += try model.tokens(of: frame, parsingSpecial: true, addingSpecial: index == 0)
            tokens += try model.tokens(of: message.content.utf8, parsingSpecial: false, addingSpecial: false)
            rest = rest[place.upperBound...]
        }
        return tokens + (try model.tokens(of: rest, parsingSpecial: true, addingSpecial: false))
    }

    /// The conversation as libllama formats it.
    func text(of messages: [ChatMessage]) throws(InferenceError) -> String {
        let strings = unsafe messages.map { (unsafe strdup($0.role), unsafe strdup($0.content)) }
        defer {
            for index in messages.indices {
                unsafe free(strings[index].0)
                unsafe free(strings[index].1)
            }
        }
        let chat = unsafe strings.map { unsafe llama_chat_message(role: $0.0, content: $0.1) }
        var buffer = [CChar](repeating: 0, count: messages.reduce(256) { $0 + 64 + 2 * $1.content.utf8.count })
        var length = unsafe apply(to: chat, &buffer)
        if length > buffer.count {
            buffer = [CChar](repeating: 0, count: Int(length))
            length = unsafe apply(to: chat, &buffer)
        }
        guard length >= 0, length <= buffer.count else {
            throw InferenceError(
                .invalidRequest,
                "libllama does not know the model's chat template; send a plain completion instead."
            )
        }
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func apply(to chat: [llama_chat_message], _ buffer: inout [CChar]) -> Int32 {
        unsafe llama_chat_apply_template(source, chat, chat.count, true, &buffer, Int32(buffer.count))
    }
}
