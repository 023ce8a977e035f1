/// OpenAI's `stop`: one text or up to four.
struct StopTexts: Decodable {
    static let limit = 4

    var texts: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            texts = [text]
        } else if let texts = try? container.decode([String].self) {
            self.texts = texts
        } else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'stop' must be a text or an array of texts."
            )
        }
        guard texts.count <= Self.limit, !texts.contains("") else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'stop' takes up to \(Self.limit) texts, none of them empty."
            )
        }
    }
}
