import Glibc
import Profiles

/// Where templates are looked for: folders, and the program itself as the last.
struct TemplateShelf: Sendable {
    /// In the order in which they are looked into.
    private let folders: [Folder]

    private struct Folder: Hashable, Sendable {
        enum Kind { case named, found, installed }

        let path: String
        let kind: Kind
    }

    /// The templates inside the program; those of `Templates/`.
    private static let embedded = [
        Template(name: "blank", path: nil, bytes: PackageResources.blank_yaml),
        Template(name: "commented", path: nil, bytes: PackageResources.commented_yaml),
    ]

    /// - Parameters:
    ///   - profiles: The directory of profiles; a folder `Templates` beside it counts.
    ///   - environment: Of it, `MILLM_TEMPLATES` is used.
    init(besides profiles: String, environment: [String: String]) {
        var folders: [Folder] = []
        if let named = environment["MILLM_TEMPLATES"], !named.isEmpty {
            folders.append(Folder(path: named, kind: .named))
        }
        folders.append(Folder(path: profiles + "/../Templates", kind: .found))
        folders.append(Folder(path: "Templates", kind: .found))
        if let path = FilePlace.installed("templates") { folders.append(Folder(path: path, kind: .installed)) }
        self.folders = folders
    }

    /// The template of a name, or in a file.
    ///
    /// - Parameter reference: A name such as `blank`, or a path with a slash in it.
    /// - Throws: ``CommandFailure`` if there is none, with the names that there are; `.inputOutput`.
    func template(_ reference: String) throws -> Template {
        if reference.contains("/") {
            return Template(name: reference, path: reference, bytes: try SourceFile.read(reference))
        }
        for folder in folders {
            for ending in ["yaml", "yml"] {
                let path = "\(folder.path)/\(reference).\(ending)"
                guard FilePlace.isFile(path) else { continue }
                return Template(name: reference, path: path, bytes: try SourceFile.read(path))
            }
        }
        if let template = Self.embedded.first(where: { $0.name == reference }) { return template }
        let near = Spelling.nearest(to: reference, among: names).map { " Did you mean '\($0)'?" } ?? ""
        let all = names.map { "'\($0)'" }.joined(separator: ", ")
        throw CommandFailure.usage("There is no template '\(reference.escapedForDisplay)'.\(near) There are \(all).")
    }

    /// The names of all templates, sorted.
    var names: [String] {
        let files = folders.flatMap { FilePlace.names(in: $0.path) }
        let stems = files.compactMap { name in
            [".yaml", ".yml"].first(where: name.hasSuffix).map { String(name.dropLast($0.count)) }
        }
        return Set(stems + Self.embedded.map(\.name)).filter { !$0.hasPrefix(".") && !$0.isEmpty }.sorted()
    }

    // MARK: - The schema

    private static let schemaName = "profile.schema.json"
    /// The schema's name beside the profiles: a dot file, which is no profile.
    private static let localSchemaName = ".profile.schema.json"

    /// The place of the schema, as a file in the directory of profiles names it.
    ///
    /// A schema that lies in the same project is named by a relative path, which holds for everybody who has the
    /// project; that of `MILLM_TEMPLATES` or the installed one by an absolute path. Where there is none, it is written
    /// beside the profiles, as the file `.profile.schema.json`.
    ///
    /// - Throws: `.inputOutput` if it cannot be written.
    func schemaReference(forProfilesIn directory: String) throws(ProfileError) -> String {
        for folder in folders where FilePlace.isInProject(ofFolder: folder.path, directory) {
            let path = "\(folder.path)/\(Self.schemaName)"
            if FilePlace.isFile(path), let place = FilePlace.reference(to: path, from: directory) { return place }
        }
        let local = "\(directory)/\(Self.localSchemaName)"
        if FilePlace.isFile(local) { return "./" + Self.localSchemaName }
        for folder in folders where folder.kind != .found {
            if let path = FilePlace.real("\(folder.path)/\(Self.schemaName)"), !path.contains(where: \.isWhitespace) {
                return path
            }
        }
        do {
            try OutputFile(local).create(Array(ProfileJSONSchema.text.utf8))
        } catch {
            // Somebody else was faster, with the same.
            guard error.code == .alreadyExists else { throw error }
        }
        return "./" + Self.localSchemaName
    }
}
