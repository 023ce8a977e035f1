import Foundation

/// What a directory holds: each name with its kind, mode and content.
struct Tree: Hashable, CustomStringConvertible {
    private var entries: [String: String] = [:]
    /// The names of this program's own temporaries, which do not count.
    private(set) var temporaries: [String] = []

    init(_ path: String) throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: path) {
            if name.hasPrefix(".millm-") {
                temporaries.append(name)
                continue
            }
            // What editors find beside the profiles, and nobody's data.
            if name == ".profile.schema.json" { continue }
            let file = path + "/" + name
            let attributes = try files.attributesOfItem(atPath: file)
            let mode = (attributes[.posixPermissions] as? Int).map { String($0, radix: 8) } ?? "?"
            switch attributes[.type] as? FileAttributeType {
            case .typeSymbolicLink: entries[name] = "→ " + (try files.destinationOfSymbolicLink(atPath: file))
            case .typeDirectory: entries[name] = "folder"
            default: entries[name] = mode + " " + (try String(contentsOfFile: file, encoding: .utf8))
            }
        }
    }

    static func == (one: Self, other: Self) -> Bool { one.entries == other.entries }

    func hash(into hasher: inout Hasher) {
        hasher.combine(entries)
    }

    var description: String {
        entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.debugDescription)" }.joined(separator: "\n")
    }
}
