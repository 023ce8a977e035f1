/// Writes JSON values as text.
struct JSONWriter {
    private(set) var text = ""
    private let indentation: Int?
    private var depth = 0

    init(indentation: Int?) {
        self.indentation = indentation
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): write(value)
        case .array(let values):
            write(values, between: ("[", "]")) { writer, value in writer.write(value) }
        case .object(let members):
            write(members, between: ("{", "}")) { writer, member in
                writer.write(member.key)
                writer.text += writer.indentation == nil ? ":" : ": "
                writer.write(member.value)
            }
        }
    }

    private mutating func write<Element>(
        _ elements: [Element],
        between brackets: (String, String),
        each: (inout JSONWriter, Element) -> Void
    ) {
        text += brackets.0
        depth += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            breakLine()
            each(&self, element)
        }
        depth -= 1
        if !elements.isEmpty { breakLine() }
        text += brackets.1
    }

    private mutating func breakLine() {
        guard let indentation else { return }
        text += "\n" + String(repeating: " ", count: indentation * depth)
    }

    private mutating func write(_ string: String) {
        text += "\""
        defer { text += "\"" }
        if string.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        ) {
            text += string
            return
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value),
                "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
                text += Self.escaped(scalar)
            // Who reads the text in an editor shall see that they are there.
            case _ where scalar.value > 0xFFFF && scalar.properties.isDefaultIgnorableCodePoint:
                text += Self.escaped(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        scalar.utf16.reduce(into: "") { text, unit in
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
