import Profiles

/// A body that knows the names of its fields, so that others can be told from them.
protocol NamedFields: Decodable, Sendable {
    associatedtype CodingKeys: CodingKey & CaseIterable

    /// The names of the fields; those of the keys, unless it says otherwise.
    static var names: [String] { get }

    /// Field → how many members its object may have; a body with more is refused before it is decoded.
    static var limits: [String: Int] { get }
}

extension NamedFields {
    static var names: [String] { CodingKeys.allCases.map(\.stringValue) }
    static var limits: [String: Int] { [:] }
}

/// A body together with the fields that nobody knows, which are ignored but not in silence.
struct Lenient<Body: NamedFields>: Decodable, Sendable {
    let body: Body
    /// A sentence for each unknown field.
    let warnings: [String]
    /// The body's text.
    var bytes: [UInt8] = []

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let known = Set(Body.names)
        let given = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        body = try Body(from: decoder)
        warnings = given.filter { !known.contains($0) }.sorted().prefix(20).map {
            "The field '\($0.shortened)' is unknown and was ignored."
        }
    }

    /// Does what the body asks for; an error about its values tells each place in it that is wrong.
    func fulfilled<Result>(_ action: () async throws -> Result) async throws -> Result {
        do {
            return try await action()
        } catch {
            throw APIError(error).pointing(into: bytes, of: Body.names)
        }
    }
}
