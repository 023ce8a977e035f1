import Foundation
import Profiles
import YAML

/// A walk over a text that should be JSON (RFC 8259), which finds what is wrong with it before anything costly is done.
/// Foundation's decoder says only that something is, and lets some of it pass, as a comma before a closing bracket.
struct JSONSyntax {
    /// The first place that is wrong.
    struct Fault: Error, Hashable, CustomStringConvertible {
        /// Bytes from the start.
        var offset: Int
        /// The line, from 1.
        var line: Int
        /// The column, from 1, in Unicode scalars.
        var column: Int
        /// What is wrong, as a fragment of a sentence.
        var message: String

        var description: String { "\(message) in line \(line), column \(column)" }
    }

    /// How deep arrays and objects may be nested; Foundation's decoder goes no deeper either.
    static let depthLimit = 512

    /// The first fault; nil if the text is JSON.
    private(set) var fault: Fault?
    /// The first field that an object has twice, as `messages[0].content`; nil if there is none.
    private(set) var repeatedField: String?
    /// The field whose object has more members than it may, where the walk has ended; nil if there is none.
    private(set) var crowdedField: String?

    /// Where the values stand of the fields that were asked for; of one that is there twice, the last one's.
    private(set) var places: [String: SourceRange] = [:]
    private var offsets: [String: Range<Int>] = [:]

    private let bytes: [UInt8]
    private let limits: [String: Int]
    private let wanted: Set<String>
    private var position = 0
    private var depth = 0
    /// The keys and indices that lead to where the walk is.
    private var path: [String] = []

    /// Walks over a text.
    ///
    /// - Parameters:
    ///   - limits: Field → how many members its object may have.
    ///   - wanted: Fields whose values' places to note, at most as deep as `steering.3`; an empty name is the whole.
    init(_ bytes: [UInt8], limits: [String: Int] = [:], locating wanted: Set<String> = []) {
        self.bytes = bytes
        self.limits = limits
        self.wanted = wanted
        // RFC 8259 lets a reader pass over a byte order mark, and files from elsewhere begin with one.
        if bytes.starts(with: Self.mark) { position = 3 }
        do throws(Fault) {
            // As some shells write files: UTF-16, or what gzip makes.
            if [[0xFF, 0xFE], [0xFE, 0xFF], [0x1F, 0x8B]].contains(where: bytes.starts) {
                throw fault("no text in UTF-8")
            }
            try value()
            skipSpace()
            guard position == bytes.count else { throw fault("the end is expected") }
        } catch {
            fault = crowdedField == nil ? error : nil
        }
        places = offsets.mapValues { SourceRange(place(of: $0.lowerBound), place(of: $0.upperBound)) }
    }

    private mutating func value() throws(Fault) {
        skipSpace()
        let start = position
        try valueItself()
        // A deep path is long to write, and what is asked for is not deep.
        guard !wanted.isEmpty, path.count <= 2, case let field = field, wanted.contains(field) else { return }
        offsets[field] = start..<position
    }

    private mutating func valueItself() throws(Fault) {
        switch current {
        case UInt8(ascii: "{"): try object()
        case UInt8(ascii: "["): try array()
        case UInt8(ascii: "\""): try text()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): try number()
        default: throw fault("a value is expected")
        }
    }

    /// An array's or object's inside, from its opening bracket to behind the closing one.
    private mutating func members(
        until end: Unicode.Scalar,
        _ member: (inout JSONSyntax) throws(Fault) -> Void
    ) throws(Fault) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw fault("nesting deeper than \(Self.depthLimit)") }
        position += 1
        skipSpace()
        if take(end) { return }
        repeat { try member(&self) } while takeAfterSpace(",")
        guard take(end) else { throw fault("',' or '\(end)' is expected") }
    }

    private mutating func object() throws(Fault) {
        var keys: Set<String> = []
        let limit = limits.isEmpty ? nil : limits[field]
        try members(until: "}") { syntax throws(Fault) in
            let key = try syntax.key()
            let isNew = keys.insert(key).inserted
            if let limit, keys.count > limit {
                syntax.crowdedField = syntax.field
                throw syntax.fault("more than \(limit) members")
            }
            try syntax.step(to: "." + key) { syntax throws(Fault) in
                if !isNew, syntax.repeatedField == nil { syntax.repeatedField = syntax.field }
                guard syntax.takeAfterSpace(":") else { throw syntax.fault("':' is expected") }
                try syntax.value()
            }
        }
    }

    private mutating func array() throws(Fault) {
        var index = 0
        try members(until: "]") { syntax throws(Fault) in
            try syntax.step(to: "[\(index)]") { syntax throws(Fault) in try syntax.value() }
            index += 1
        }
    }

    /// Does something one step further down.
    private mutating func step(
        to part: String,
        _ body: (inout JSONSyntax) throws(Fault) -> Void
    ) throws(Fault) {
        path.append(part)
        try body(&self)
        path.removeLast()
    }

    /// Where the walk is, as `messages[0].content`.
    private var field: String {
        let steps = path.joined()
        return steps.hasPrefix(".") ? String(steps.dropFirst()) : steps
    }

    /// An object's key, without its escapes.
    private mutating func key() throws(Fault) -> String {
        skipSpace()
        guard current == UInt8(ascii: "\"") else { throw fault("a key in quotes is expected") }
        let start = position
        try text()
        let quoted = bytes[start..<position]
        let plain = String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        return plain.contains("\\") ? (try? JSONDecoder().decode(String.self, from: Data(quoted))) ?? plain : plain
    }

    private mutating func text() throws(Fault) {
        let start = position
        var marks = MarkRun()
        position += 1
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("a control character without its escape") }
            let scalar = byte == UInt8(ascii: "\\") ? try escape() : scalar(from: byte)
            // What is no character is refused below.
            guard !marks.isTooLong(with: Unicode.Scalar(scalar) ?? "\u{FFFD}") else { throw fault(MarkRun.message) }
        }
        guard take("\"") else { throw fault("a text without its closing quote") }
        if String(validating: bytes[start..<position], as: UTF8.self) == nil {
            position = start
            throw fault("a text that is not UTF-8")
        }
    }

    /// The character that begins with a byte, as a number; any, if it is not UTF-8.
    private mutating func scalar(from lead: UInt8) -> UInt32 {
        position += 1
        guard lead >= 0x80 else { return UInt32(lead) }
        let length = min(max(2, (~lead).leadingZeroBitCount), 4)
        let rest = bytes[position...].prefix(length - 1).prefix { $0 & 0xC0 == 0x80 }
        position += rest.count
        return rest.reduce(UInt32(lead & (0x7F >> length))) { $0 << 6 | UInt32($1 & 0x3F) }
    }

    /// - Returns: The character that the escape stands for, as a number; 0 for those of one letter.
    private mutating func escape() throws(Fault) -> UInt32 {
        position += 1
        guard let byte = current, "\"\\/bfnrtu".utf8.contains(byte) else { throw fault("an unknown escape") }
        guard byte == UInt8(ascii: "u") else {
            position += 1
            return 0
        }
        let unit = try hexadecimal()
        guard UTF16.isSurrogate(unit) else { return UInt32(unit) }
        guard UTF16.isLeadSurrogate(unit), take("\\"), current == UInt8(ascii: "u") else {
            throw fault("half of a surrogate pair")
        }
        let trail = try hexadecimal()
        guard UTF16.isTrailSurrogate(trail) else { throw fault("half of a surrogate pair") }
        return 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00)
    }

    /// The four digits behind the `u` of an escape.
    private mutating func hexadecimal() throws(Fault) -> UInt16 {
        let digits = bytes[(position + 1)...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("an escape without four hexadecimal digits") }
        position += 5
        return unit
    }

    private mutating func number() throws(Fault) {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits()
        }
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw fault("a digit is expected") }
    }

    private mutating func word(_ word: String) throws(Fault) {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("a value is expected") }
        position += word.utf8.count
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func takeAfterSpace(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        return take(scalar)
    }

    private mutating func skipSpace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private func fault(_ message: String) -> Fault {
        let place = place(of: position)
        return Fault(offset: position, line: place.line, column: place.column, message: message)
    }

    private func place(of offset: Int) -> SourcePosition {
        let before = bytes[..<offset]
        // A byte order mark has no column.
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? (bytes.starts(with: Self.mark) ? 3 : 0)
        return SourcePosition(
            offset: offset,
            line: before.count { $0 == 0x0A } + 1,
            column: before[min(lineStart, offset)...].count { $0 & 0xC0 != 0x80 } + 1
        )
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

extension JSONSyntax.Fault {
    /// The fault as a finding about a body.
    var diagnostic: Diagnostic {
        let start = SourcePosition(offset: offset, line: line, column: column)
        let end = SourcePosition(offset: offset + 1, line: line, column: column + 1)
        let place = SourceLocation(file: BodyFindings.file, range: SourceRange(start, end))
        let help = "look at the place shown; often a comma, a quote or a bracket is missing"
        return Diagnostic(.syntaxError, message, at: place, help: help)
    }
}
