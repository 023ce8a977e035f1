import Profiles

/// A JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it): the rules for one value.
struct Schema: Hashable, Sendable {
    private(set) var members: [JSONValue.Member]

    private init(_ members: [JSONValue.Member]) {
        self.members = members
    }

    var json: JSONValue { .object(members) }

    // MARK: - Values

    /// Any value at all.
    static let anything = Schema([])
    /// No value: the key must be absent.
    static let never = Schema([JSONValue.Member("not", [:])])
    static let boolean = typed("boolean")
    static let null = typed("null")

    /// A text.
    ///
    /// - Parameters:
    ///   - length: How many Unicode scalars it may have.
    ///   - pattern: A regular expression (ECMA 262) that it matches.
    static func text(_ length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil) -> Schema {
        typed("string")
            .with("minLength", length.map { .integer($0.lowerBound) })
            .with("maxLength", length.flatMap { $0.upperBound == .max ? nil : .integer($0.upperBound) })
            .with("pattern", pattern.map(JSONValue.string))
            .with("format", format.map(JSONValue.string))
    }

    /// A text as files may have it: a number or a word such as `true` is taken by how it is written.
    static func scalarText(_ length: ClosedRange<Int>, pattern: String, orNull: Bool) -> Schema {
        Schema([JSONValue.Member("type", .array(["string", "number", "boolean"] + (orNull ? ["null"] : [])))])
            .with("minLength", .integer(length.lowerBound))
            .with("maxLength", .integer(length.upperBound))
            .with("pattern", .string(pattern))
    }

    /// One of some words.
    static func word(_ words: [String]) -> Schema {
        typed("string").with("enum", .array(words.map(JSONValue.string)))
    }

    static func integer(_ range: ClosedRange<Int>? = nil) -> Schema {
        typed("integer")
            .with("minimum", range.map { .integer($0.lowerBound) })
            .with("maximum", range.flatMap { $0.upperBound == .max ? nil : .integer($0.upperBound) })
    }

    static func number(_ range: ClosedRange<Double>? = nil) -> Schema {
        typed("number")
            .with("minimum", range.map { .number($0.lowerBound) })
            .with("maximum", range.map { .number($0.upperBound) })
    }

    static func array(of items: Schema, count: ClosedRange<Int>? = nil) -> Schema {
        typed("array")
            .with("items", items.json)
            .with("minItems", count.map { .integer($0.lowerBound) })
            .with("maxItems", count.flatMap { $0.upperBound == .max ? nil : .integer($0.upperBound) })
    }

    // MARK: - Objects

    /// An object with these keys; those whose names end in `?` may be absent. Other keys are let pass.
    static func object(_ properties: KeyValuePairs<String, Schema>) -> Schema {
        var required: [JSONValue] = []
        var members: [JSONValue.Member] = []
        for (key, schema) in properties {
            let isOptional = key.hasSuffix("?")
            let name = isOptional ? String(key.dropLast()) : key
            if !isOptional { required.append(.string(name)) }
            members.append(JSONValue.Member(name, schema.json))
        }
        return typed("object")
            .with("required", required.isEmpty ? nil : .array(required))
            .with("properties", .object(members))
    }

    /// The same, and other keys are not let pass.
    var closed: Schema { with("additionalProperties", false) }

    /// An object with any keys that match a pattern.
    static func dictionary(keys pattern: String, values: Schema, most: Int? = nil) -> Schema {
        typed("object")
            .with("propertyNames", text(pattern: pattern).json)
            .with("additionalProperties", values.json)
            .with("maxProperties", most.map(JSONValue.integer))
    }

    // MARK: - Combinations

    static func either(_ schemas: Schema...) -> Schema {
        Schema([JSONValue.Member("anyOf", .array(schemas.map(\.json)))])
    }

    /// A schema that the document keeps under a name of its own.
    static func named(_ name: SchemaName) -> Schema {
        Schema([JSONValue.Member("$ref", .string("#/components/schemas/\(name.rawValue)"))])
    }

    /// The same, or null.
    var orNull: Schema {
        guard let index = members.firstIndex(where: { $0.key == "type" }),
            case .string(let type) = members[index].value,
            !members.contains(where: { $0.key == "enum" })
        else {
            return .either(self, .null)
        }
        var copy = self
        copy.members[index].value = [.string(type), "null"]
        return copy
    }

    /// The same, with a sentence on what it means.
    func meaning(_ description: String) -> Schema {
        with("description", .string(description))
    }

    /// The same, with a value that shows what is meant.
    func example(_ value: JSONValue) -> Schema {
        with("examples", .array([value]))
    }

    /// The same, with the value that stands for an absent one.
    func standard(_ value: JSONValue) -> Schema {
        with("default", value)
    }

    private static func typed(_ name: String) -> Schema {
        Schema([JSONValue.Member("type", .string(name))])
    }

    private func with(_ key: String, _ value: JSONValue?) -> Schema {
        guard let value else { return self }
        var copy = self
        copy.members.append(JSONValue.Member(key, value))
        return copy
    }
}
