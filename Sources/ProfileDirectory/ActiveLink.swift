import FileWatching
import Glibc
package import Profiles

/// What `active` says: which profile is the active one.
package enum ActiveLink: Hashable, Sendable {
    /// There is nothing: no profile is active.
    case absent
    /// The profile, and the name of its file in the directory.
    case target(ProfileID, fileName: String)
    /// Something that cannot be followed.
    case broken(Diagnostic)

    /// Whether it can be followed.
    var isTarget: Bool { if case .target = self { true } else { false } }
}

extension ActiveLink {
    /// The greatest size of a regular file `active` in bytes; an id needs no more.
    private static let maximumSize = 1024

    /// Reads `active`, in all the forms of SPEC §3.
    ///
    /// - Throws: What the operating system says when it is asked.
    init(in directory: borrowing DirectoryHandle) throws(SystemError) {
        var holder: StableRead?
        try self.init(in: directory, heldBy: &holder)
    }

    /// - Parameter holder: The file that holds the id, if one does.
    init(in directory: borrowing DirectoryHandle, heldBy holder: inout StableRead?) throws(SystemError) {
        if let name = directory.view.active {
            self = try Self.naming(name, in: directory)
            return
        }
        guard let status = try directory.status(of: ProfileFileName.active) else {
            self = .absent
            return
        }
        switch status.kind {
        case .link:
            // Nil if it was removed just now.
            guard let target = try directory.target(of: ProfileFileName.active) else {
                self = .absent
                return
            }
            self = try Self.following(target, in: directory, heldBy: &holder)
        case .regular:
            self = try Self.holding(in: directory, &holder)
        case .directory, .pipe, .socket, .device:
            self = .broken(
                Self.diagnostic(.activeSpecialFile, "'active' is a \(status.kind.rawValue)", in: directory)
            )
        }
    }

    /// What a symbolic link means.
    private static func following(
        _ target: String,
        in directory: borrowing DirectoryHandle,
        heldBy holder: inout StableRead?
    ) throws(SystemError) -> Self {
        let shown = target.escapedForDisplay
        if target.isAbsolutePath {
            return .broken(diagnostic(.activeAbsolute, "'active' is the absolute link '\(shown)'", in: directory))
        }
        let names = target.pathComponents.filter { $0 != "." }
        if names.count > 1, names.last == ProfileFileName.active, !names.contains("..") {
            // A ConfigMap's layout: the file with the id lies behind `..data`.
            return try holding(in: directory, &holder)
        }
        guard names.count == 1, names != [".."] else {
            return .broken(
                diagnostic(
                    .activeOutside,
                    "'active' points at '\(shown)', which is not in this directory",
                    in: directory
                )
            )
        }
        guard names != [ProfileFileName.active] else {
            return .broken(diagnostic(.activeLoop, "'active' points at itself", in: directory))
        }
        return try naming(names[0], in: directory)
    }

    /// What a regular file says, at `active` or at the end of that link.
    private static func holding(
        in directory: borrowing DirectoryHandle,
        _ holder: inout StableRead?
    ) throws(SystemError) -> Self {
        let content: StableRead
        do {
            content = try StableRead(ProfileFileName.active, in: directory)
        } catch {
            switch error {
            case .system(let error): throw error
            case .missing: return .broken(diagnostic(.activeDangling, "'active' points at nothing", in: directory))
            case .loop: return .broken(diagnostic(.activeLoop, "'active' leads in a circle", in: directory))
            case .leavesDirectory:
                return .broken(diagnostic(.activeOutside, "'active' leads out of this directory", in: directory))
            case .notRegular(let kind):
                return .broken(diagnostic(.activeSpecialFile, "'active' is a \(kind.rawValue)", in: directory))
            case .tooLarge:
                return .broken(
                    diagnostic(.activeNotALink, "'active' is a file that holds no profile's id", in: directory)
                )
            }
        }
        holder = content
        guard let name = idText(content.bytes) else {
            return .broken(diagnostic(.activeNotALink, "'active' is a file that holds no profile's id", in: directory))
        }
        for candidate in [name] + ProfileID.fileExtensions.map({ "\(name).\($0)" }) {
            guard case .profile = ProfileFileName(candidate, file: candidate) else { continue }
            if try directory.status(of: directory.view.successor(of: candidate)) != nil {
                return try naming(candidate, in: directory)
            }
        }
        return .broken(
            diagnostic(.activeDangling, "'active' names '\(name.escapedForDisplay)', which is not there", in: directory)
        )
    }

    /// The one line that a file at `active` may hold; nil if it holds something else.
    static func idText(_ bytes: [UInt8]) -> String? {
        let mark = Array("\u{feff}".utf8)
        let bytes = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        guard bytes.count <= maximumSize, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let line = text.split(whereSeparator: \.isNewline).map { $0.trimmingWhitespace }.filter { !$0.isEmpty }
        guard line.count == 1 else { return nil }
        // As the link may say it, of which git has made a file.
        let name = line[0].hasPrefix("./") ? String(line[0].dropFirst(2)) : line[0]
        return (try? ProfileID(name)) == nil ? nil : name
    }

    /// What the name of a file in the directory means.
    private static func naming(_ name: String, in directory: borrowing DirectoryHandle) throws(SystemError) -> Self {
        let name = directory.view.successor(of: name)
        switch ProfileFileName(name, file: directory.display(name)) {
        case .invalid:
            let message = "'active' points at '\(name.escapedForDisplay)', whose name cannot be an id"
            return .broken(diagnostic(.badFileName, message, in: directory))
        case .ignored:
            let message = "'active' points at '\(name.escapedForDisplay)', which is no profile's file"
            return .broken(
                diagnostic(.badFileName, message, in: directory, help: "point it at a .yaml, .yml or .json file")
            )
        case .profile(let id):
            guard try directory.status(of: name) != nil else {
                let message = "'active' points at '\(name.escapedForDisplay)', which is not there"
                return .broken(diagnostic(.activeDangling, message, in: directory))
            }
            return .target(id, fileName: name)
        }
    }

    static func diagnostic(
        _ code: DiagnosticCode,
        _ message: String,
        in directory: borrowing DirectoryHandle,
        help: String? = nil
    ) -> Diagnostic {
        let file = directory.display(ProfileFileName.active)
        return Diagnostic(code, message, at: SourceLocation(file: file), help: help)
    }
}

extension Substring {
    fileprivate var trimmingWhitespace: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
