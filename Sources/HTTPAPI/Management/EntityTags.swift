import HTTPTypes
import Hummingbird

/// What `If-Match` or `If-None-Match` names: contents by their hashes in quotes, or whatever there is (RFC 9110 §13.1).
enum EntityTags: Equatable {
    /// `*`
    case any
    /// As they stand there: `"…"`, or `W/"…"`.
    case listed(Set<String>)

    /// The tags of a header; nil if the request does not have it.
    ///
    /// - Throws: ``APIError`` `.badRequest` for a header that is no such list: whoever forgets the quotes is not told that
    ///   the content is another one.
    init?(_ name: HTTPField.Name, of request: Request) throws(APIError) {
        guard let text = request.headers[name] else { return nil }
        var rest = Substring(text).drop(while: Self.isGap)
        if rest.first == "*", rest.dropFirst().allSatisfy(Self.isGap) {
            self = .any
            return
        }
        var tags: Set<String> = []
        while !rest.isEmpty {
            let quoted = rest.hasPrefix("W/") ? rest.dropFirst(2) : rest
            let length = quoted.dropFirst().prefix { $0 > " " && $0 != "\"" }.count
            let end = quoted.dropFirst(1 + length)
            guard quoted.first == "\"", end.first == "\"", end.dropFirst().first.map(Self.isGap) ?? true else {
                throw APIError(
                    .badRequest,
                    "'\(name.rawName)' must be '*', or hashes as the 'ETag' header gives them, in quotes: \"sha256:…\".",
                    parameter: name.rawName
                )
            }
            tags.insert(String(text[rest.startIndex...end.startIndex]))
            rest = end.dropFirst().drop(while: Self.isGap)
        }
        self = .listed(tags)
    }

    /// Whether a content is named.
    func includes(_ tag: String) -> Bool {
        switch self {
        case .any: true
        case .listed(let tags): tags.contains(tag)
        }
    }

    /// Whether a character stands between two tags.
    private static func isGap(_ character: Character) -> Bool { " \t,".contains(character) }
}
