import FileWatching
import FoundationEssentials
import Glibc
package import Profiles

/// `status.json`: what the daemon tells those who do not ask it over HTTP.
package struct StatusFile: Sendable {
    /// The file's name in the state folder.
    package static let name = "status.json"

    private let directory: StateDirectory

    package init(in directory: StateDirectory) {
        self.directory = directory
    }

    /// Replaces the file; who reads it sees the old status or the new one. If there is no room for both, the old one goes
    /// first; and if the new one cannot be written at all there is none any more, for the old one would lie.
    ///
    /// Nothing is forced to the disk: the status tells of a process, and does not outlive it.
    ///
    /// - Throws: `.inputOutput`.
    package func write(_ status: LoaderStatus) throws(ProfileError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let bytes = try Array(encoder.encode(status)) + [UInt8(ascii: "\n")]
            let handle = try DirectoryHandle(directory.path)
            let file = AtomicFile(bytes, durability: .volatile)
            do {
                try file.replace(Self.name, in: handle)
            } catch {
                AtomicFile.remove(Self.name, in: handle)
                try file.replace(Self.name, in: handle)
            }
        } catch WriteFailure.system(let error) {
            throw ProfileError("'\(directory.path)/\(Self.name)' cannot be written", error)
        } catch let error as SystemError {
            throw ProfileError("'\(directory.path)/\(Self.name)' cannot be written", error)
        } catch {
            throw ProfileError(.inputOutput, "The status cannot be written as JSON.", cause: error)
        }
    }

    /// Reads the last status that was written; nil if there is none.
    ///
    /// - Throws: `.inputOutput` if the file cannot be read, or is none of this program's.
    package func read() throws(ProfileError) -> LoaderStatus? {
        do {
            let content = try StableRead(Self.name, in: DirectoryHandle(directory.path))
            return try JSONDecoder().decode(LoaderStatus.self, from: Data(content.bytes))
        } catch ReadFailure.missing {
            return nil
        } catch ReadFailure.system(let error) {
            throw ProfileError("'\(directory.path)/\(Self.name)' cannot be read", error)
        } catch let error as SystemError {
            if error.code == ENOENT { return nil }
            throw ProfileError("'\(directory.path)/\(Self.name)' cannot be read", error)
        } catch {
            let message = "'\(directory.path)/\(Self.name)' is no status of this version. Restart the daemon."
            throw ProfileError(.inputOutput, message, cause: error)
        }
    }
}
