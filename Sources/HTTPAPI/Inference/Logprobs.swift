import Steering

/// The log probabilities of a chat answer.
struct ChatLogprobs: Encodable, Sendable {
    struct Candidate: Encodable, Sendable {
        var token: String
        var logprob: Float
        var bytes: [UInt8]
    }

    struct Token: Encodable, Sendable {
        var token: String
        var logprob: Float
        var bytes: [UInt8]
        var topLogprobs: [Candidate]

        enum CodingKeys: String, CodingKey {
            case token, logprob, bytes
            case topLogprobs = "top_logprobs"
        }
    }

    var content: [Token]

    init(_ tokens: [Generation.Token]) {
        content = tokens.map { token in
            Token(
                token: tokenText(token.bytes),
                logprob: reported(token.logprob),
                bytes: token.bytes,
                topLogprobs: token.alternatives.map { candidate in
                    Candidate(
                        token: tokenText(candidate.bytes),
                        logprob: reported(candidate.logprob),
                        bytes: candidate.bytes
                    )
                }
            )
        }
    }
}

/// The log probabilities of a plain completion: a column for each thing to know of the tokens.
struct CompletionLogprobs: Encodable, Sendable {
    var tokens: [String]
    var tokenLogprobs: [Float]
    var topLogprobs: [[String: Float]]
    /// How many Unicode scalars of the choice come before each token.
    var textOffset: [Int]

    enum CodingKeys: String, CodingKey {
        case tokens
        case tokenLogprobs = "token_logprobs"
        case topLogprobs = "top_logprobs"
        case textOffset = "text_offset"
    }

    init(_ generated: [Generation.Token], offset: Int) {
        tokens = generated.map { tokenText($0.bytes) }
        tokenLogprobs = generated.map { reported($0.logprob) }
        topLogprobs = generated.map { token in
            Dictionary(token.alternatives.map { (tokenText($0.bytes), reported($0.logprob)) }) { first, _ in first }
        }
        var bytes: [UInt8] = []
        textOffset = generated.map { token in
            defer { bytes += token.bytes }
            return offset + String(decoding: bytes, as: UTF8.self).unicodeScalars.count
        }
    }
}

/// A log probability as JSON can carry it: −9999 stands for one that is none or infinitely small, as at OpenAI.
private func reported(_ logprob: Float?) -> Float {
    guard let logprob, logprob.isFinite else { return -9999 }
    return logprob
}

/// A token's text; one that is part of a character only is written `bytes:\xe2\x80`, as OpenAI does.
private func tokenText(_ bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self)
        ?? "bytes:" + bytes.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
