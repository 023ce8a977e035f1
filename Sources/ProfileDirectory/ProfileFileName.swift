package import Profiles

/// What a name in the directory stands for.
enum ProfileFileName: Hashable, Sendable {
    /// A profile's file.
    case profile(ProfileID)
    /// Something else, which nobody needs to hear of: an editor's temporary, another kind of file.
    case ignored
    /// A profile's file by its extension, but the rest cannot be an id.
    case invalid(Diagnostic)

    /// The name of the link that says which profile is active.
    static let active = "active"
    /// What the names of this program's own temporaries start with.
    static let temporaryPrefix = ".millm-"

    /// - Parameters:
    ///   - name: The name in the directory.
    ///   - file: The same as the user named it, for the finding.
    init(_ name: String, file: @autoclosure () -> String) {
        guard !Self.isNoise(name), let id = Self.stem(of: name) else {
            self = .ignored
            return
        }
        do {
            self = .profile(try ProfileID(id))
        } catch {
            self = .invalid(Diagnostic(.badFileName, error.message.trimmingFullStop, at: SourceLocation(file: file())))
        }
    }

    /// The name without the extension of a profile; nil if it has another one.
    static func stem(of name: String) -> String? {
        let bytes = name.utf8
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > bytes.startIndex else { return nil }
        let ending = bytes[bytes.index(after: dot)...]
        guard ProfileID.fileExtensions.contains(where: { $0.utf8.elementsEqual(ending) }) else { return nil }
        return String(name[..<dot])
    }

    /// Whether SPEC §3 lists the name among those that are ignored in silence.
    private static func isNoise(_ name: String) -> Bool {
        let bytes = name.utf8
        // Of each file, and there may be many: so it goes by bytes.
        func ends(with text: StaticString) -> Bool {
            let ending = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            return unsafe bytes.suffix(ending.count).elementsEqual(ending)
        }
        return name == active || name == "4913" || bytes.first == UInt8(ascii: ".") || bytes.last == UInt8(ascii: "~")
            || (bytes.first == UInt8(ascii: "#") && bytes.last == UInt8(ascii: "#"))
            || (name.hasPrefix("___jb_") && ends(with: "___")) || ends(with: ".swp") || ends(with: ".swx")
            || ends(with: ".tmp") || ends(with: ".bak") || ends(with: ".orig")
    }
}

extension ProfileID {
    /// The id of a file in a directory of profiles; nil if it is not a profile's by its name.
    package init?(fileName: String) {
        guard case .profile(let id) = ProfileFileName(fileName, file: fileName) else { return nil }
        self = id
    }

    /// The names that the profile's file can have, in the order in which they are looked for.
    var fileNames: [String] {
        Self.fileExtensions.map { "\(self).\($0)" }
    }
}

extension String {
    /// The text as a fragment.
    fileprivate var trimmingFullStop: String {
        hasSuffix(".") ? String(dropLast()) : self
    }
}
