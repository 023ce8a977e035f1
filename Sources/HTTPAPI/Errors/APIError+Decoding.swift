import Profiles

extension APIError {
    /// What is wrong with a body that is JSON, with the field that is to blame.
    init(_ error: DecodingError) {
        switch error {
        case .typeMismatch(let type, let context):
            self = .invalidParameter(Self.path(context.codingPath), "must be \(Self.noun(for: type))")
        case .valueNotFound(let type, let context):
            self = .invalidParameter(Self.path(context.codingPath), "must be \(Self.noun(for: type)), not null")
        case .keyNotFound(let key, let context):
            self = .invalidParameter(Self.path(context.codingPath + [key]), "is missing")
        case .dataCorrupted(let context):
            // Foundation's own words quote what is wrong, of any length.
            let message = context.debugDescription.shortened(to: 200)
            self.init(.invalidValue, message, parameter: Self.path(context.codingPath).shortened)
        @unknown default:
            self.init(.malformedBody, "The body cannot be read.")
        }
    }

    /// `messages[0].content` or `steering.3`, or `body` for the outermost value.
    private static func path(_ keys: [any CodingKey]) -> String {
        let path = keys.reduce(into: "") { path, key in
            // An object's key may be a number, too; Foundation calls an array's elements by other names.
            if let index = key.intValue, key.stringValue != String(index) {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path.isEmpty ? "body" : path
    }

    private static func noun(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any FixedWidthInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "an array"
        default: "an object"
        }
    }
}
