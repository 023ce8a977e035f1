import Steering

/// A message of a chat request: its content is a text, or an array of parts of type `text`.
struct MessageBody: Decodable {
    var message: ChatMessage

    private enum CodingKeys: String, CodingKey {
        case role, content
    }

    private struct Part: Decodable {
        var text: String

        enum CodingKeys: String, CodingKey {
            case type, text
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            guard try container.decode(String.self, forKey: .type) == "text" else {
                throw DecodingError.dataCorruptedError(
                    forKey: .type,
                    in: container,
                    debugDescription: "This model reads text only: the 'type' of a content part must be 'text'."
                )
            }
            text = try container.decode(String.self, forKey: .text)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let content: String
        do {
            content = try container.decode(String.self, forKey: .content)
        } catch DecodingError.typeMismatch {
            guard (try? container.nestedUnkeyedContainer(forKey: .content)) != nil else {
                throw DecodingError.dataCorruptedError(
                    forKey: .content,
                    in: container,
                    debugDescription: "The 'content' of a message must be a text or an array of parts."
                )
            }
            content = try container.decode([Part].self, forKey: .content).map(\.text).joined()
        }
        message = ChatMessage(role: try Self.role(in: container), content: content)
    }

    private static func role(in container: KeyedDecodingContainer<CodingKeys>) throws -> String {
        switch try container.decode(String.self, forKey: .role) {
        case "developer": return "system"  // OpenAI's newer word
        case let role where ["system", "user", "assistant"].contains(role): return role
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .role,
                in: container,
                debugDescription: "The 'role' of a message must be 'system', 'developer', 'user' or 'assistant'."
            )
        }
    }
}
