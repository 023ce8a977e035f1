import Profiles
import YAML

/// Checks what must hold of every reading, whatever the bytes are.
package enum ReadingCheck {
    /// Reads a file, shows its findings in all ways, and writes its profile in all formats.
    package static func violations(of bytes: [UInt8]) -> [String] {
        let parsed = ParsedYAML(bytes)
        let decoded = ProfileDecoder.decode(parsed, file: "p")
        var violations: [String] = []
        let hasErrors = decoded.diagnostics.contains { $0.severity == .error }
        if hasErrors == (decoded.profile != nil) { violations.append("a profile with errors, or none without") }
        if decoded.diagnostics.count > Limits.findings { violations.append("too many findings") }
        let places = decoded.diagnostics.flatMap { [$0.location] + $0.related.map(\.location) }.compactMap(\.range)
        let check = PlaceCheck(bytes)
        violations += places.flatMap(check.violations)
        if let root = parsed.root { violations += treeViolations(root, check) }
        _ = CompilerStyle { _ in bytes }.text(decoded.diagnostics)
        _ = GitHubCommands.text(decoded.diagnostics)
        _ = SARIF.text(decoded.diagnostics, toolVersion: "1")
        _ = decoded.diagnostics.jsonText()
        if let profile = decoded.profile { violations += writingViolations(profile) }
        return violations
    }

    /// Every node lies inside the one that holds it, behind the one before it.
    private static func treeViolations(_ root: Node, _ check: PlaceCheck) -> [String] {
        var violations: [String] = []
        var pending = [root]
        while let node = pending.popLast(), violations.isEmpty {
            let children: [Node] =
                switch node {
                case .scalar: []
                case .sequence(let sequence): sequence.items
                case .mapping(let mapping): mapping.entries.flatMap { [.scalar($0.key), $0.value] }
                }
            violations += check.violations(of: node.range)
            var position = node.range.start.offset
            for child in children {
                if child.range.start.offset < position || child.range.end > node.range.end {
                    violations.append("a node at \(child.range.bytes) lies outside of its place")
                }
                position = child.range.end.offset
            }
            pending += children
        }
        return violations
    }

    private static func writingViolations(_ profile: Profile) -> [String] {
        if (try? profile.validate()) == nil { return ["a profile was read that breaks the rules"] }
        let time = Timestamp(microseconds: 0)
        let files = [
            ProfileEncoder.yaml(profile), ProfileEncoder.millmEnvelope(profile, exportedAt: time),
            ProfileEncoder.millmFlat(profile, createdAt: time, updatedAt: time),
        ]
        let isSame = files.allSatisfy { ProfileDecoder.decode($0, file: "p").profile?.isIdentical(to: profile) == true }
        return isSame ? [] : ["what is written reads otherwise"]
    }
}

/// Counts lines and columns anew, in another way than the parser does.
private struct PlaceCheck {
    private let bytes: [UInt8]
    /// The offset of each line's first byte.
    private let lineStarts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x0D {
            if byte == 0x0D, offset + 1 < bytes.count, bytes[offset + 1] == 0x0A { continue }
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    func violations(of range: SourceRange) -> [String] {
        guard range.start.offset <= range.end.offset, range.end.offset <= bytes.count else {
            return ["the range \(range.bytes) is not in the file"]
        }
        return [range.start, range.end].filter { !isRight($0) }.map { "\($0) is no such place" }
    }

    private func isRight(_ position: SourcePosition) -> Bool {
        // The start of the file may be named before the byte order mark.
        if position == .start { return true }
        guard lineStarts.indices.contains(position.line - 1) else { return false }
        let start = lineStarts[position.line - 1]
        guard start <= position.offset else { return false }
        let scalars = bytes[start..<position.offset].count { $0 & 0xC0 != 0x80 }
        return position.column == scalars + 1 || String(validating: bytes, as: UTF8.self) == nil
    }
}
