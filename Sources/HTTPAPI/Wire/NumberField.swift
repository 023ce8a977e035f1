/// A number of a request. Foundation's decoder forgets the field of a number that does not fit its type, as
/// `1.5` for a whole number or `1e999`; this remembers it.
struct NumberField<Value: Decodable & Sendable>: Decodable, Sendable {
    var value: Value

    init(from decoder: any Decoder) throws {
        do {
            value = try decoder.singleValueContainer().decode(Value.self)
        } catch {
            let context = DecodingError.Context(
                codingPath: decoder.codingPath,
                debugDescription: "The number does not fit.",
                underlyingError: error
            )
            throw DecodingError.typeMismatch(Value.self, context)
        }
    }
}
