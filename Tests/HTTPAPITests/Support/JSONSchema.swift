import Foundation

/// Checks values against the parts of JSON Schema that the API's document uses.
struct JSONSchema {
    /// What `$ref` leads into.
    let document: JSON

    /// What breaks the schema, each with its place; empty for a valid value.
    func violations(of schema: JSON, by value: JSON, at place: String = "") -> [String] {
        if let reference = schema["$ref"]?.string {
            guard let target = target(of: reference) else { return ["\(place): \(reference) leads nowhere"] }
            return violations(of: target, by: value, at: place)
        }
        var found: [String] = []
        if case .array(let choices)? = schema["anyOf"] {
            let each = choices.map { violations(of: $0, by: value, at: place) }
            if each.allSatisfy({ !$0.isEmpty }) { found.append("\(place): no choice fits: \(each)") }
        }
        if let type = schema["type"], !types(type).contains(where: { value.hasType($0) }) {
            return found + ["\(place): \(value) is not \(types(type))"]
        }
        if case .array(let words)? = schema["enum"], !words.contains(value) {
            found.append("\(place): \(value) is not one of \(words)")
        }
        switch value {
        case .object(let members): found += violations(of: schema, members, at: place)
        case .array(let items):
            if let schema = schema["items"] {
                found += items.enumerated().flatMap { violations(of: schema, by: $1, at: "\(place)[\($0)]") }
            }
        case .text(let text):
            if let pattern = schema["pattern"]?.string, text.range(of: pattern, options: .regularExpression) == nil {
                found.append("\(place): '\(text)' does not match \(pattern)")
            }
        case .number(let number):
            if case .number(let minimum)? = schema["minimum"], number < minimum { found.append("\(place): too small") }
            if case .number(let maximum)? = schema["maximum"], number > maximum { found.append("\(place): too great") }
        case .null, .bool: break
        }
        return found
    }

    private func violations(of schema: JSON, _ members: [String: JSON], at place: String) -> [String] {
        var found: [String] = []
        if case .array(let required)? = schema["required"] {
            found += required.compactMap(\.string).filter { members[$0] == nil }.map { "\(place): no key '\($0)'" }
        }
        for (key, value) in members {
            if let names = schema["propertyNames"] {
                found += violations(of: names, by: .text(key), at: "\(place).\(key)")
            }
            if let schema = schema["properties"]?[key] ?? schema["additionalProperties"] {
                found += violations(of: schema, by: value, at: "\(place).\(key)")
            }
        }
        return found
    }

    private func target(of reference: String) -> JSON? {
        reference.split(separator: "/").dropFirst().reduce(document as JSON?) { $0?[String($1)] }
    }

    private func types(_ type: JSON) -> [String] {
        if case .array(let names) = type { return names.compactMap(\.string) }
        return [type.string].compactMap(\.self)
    }
}

extension JSON {
    fileprivate func hasType(_ name: String) -> Bool {
        switch (self, name) {
        case (.null, "null"), (.bool, "boolean"), (.number, "number"), (.text, "string"), (.array, "array"),
            (.object, "object"):
            true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }
}
