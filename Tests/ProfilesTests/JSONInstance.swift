import Foundation
import YAML

/// What a YAML text is as JSON, by YAML 1.2's core schema: what editors check against a JSON Schema.
struct JSONInstance {
    private(set) var text = ""

    init(_ node: Node) {
        write(node)
    }

    private mutating func write(_ node: Node) {
        switch node {
        case .scalar(let scalar): text += Self.value(of: scalar)
        case .sequence(let sequence):
            write(sequence.items, "[", "]") { $0.write($1) }
        case .mapping(let mapping):
            write(mapping.entries, "{", "}") { writer, entry in
                writer.text += Self.quoted(entry.key.text) + ":"
                writer.write(entry.value)
            }
        }
    }

    private mutating func write<Element>(
        _ elements: [Element],
        _ open: String,
        _ close: String,
        each: (inout JSONInstance, Element) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            each(&self, element)
        }
        text += close
    }

    /// YAML 1.2.2, 10.3.2. `Infinity` and `NaN` are no JSON, but what Python and JavaScript have for them.
    private static func value(of scalar: Node.Scalar) -> String {
        let text = scalar.text
        guard scalar.style == .plain else { return quoted(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return "null"
        case "true", "True", "TRUE": return "true"
        case "false", "False", "FALSE": return "false"
        case ".inf", ".Inf", ".INF", "+.inf": return "Infinity"
        case "-.inf", "-.Inf", "-.INF": return "-Infinity"
        case ".nan", ".NaN", ".NAN": return "NaN"
        default: break
        }
        if text.wholeMatch(of: /0x[0-9a-fA-F]+/) != nil {
            return Int(text.dropFirst(2), radix: 16).map(String.init) ?? "1e999"
        }
        if text.wholeMatch(of: /0o[0-7]+/) != nil {
            return Int(text.dropFirst(2), radix: 8).map(String.init) ?? "1e999"
        }
        if text.wholeMatch(of: /[-+]?[0-9]+/) != nil { return Int(text).map(String.init) ?? "1e999" }
        if text.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil {
            guard let number = Double(text), number.isFinite else { return text.hasPrefix("-") ? "-1e999" : "1e999" }
            return "\(number)"
        }
        return quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        let digits = text.utf16.map { unit in
            let hex = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
        return "\"" + digits.joined() + "\""
    }
}
