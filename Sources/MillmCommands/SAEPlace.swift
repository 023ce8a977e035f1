import Profiles
import Steering

/// Where the SAE is that a command shall use.
struct SAEPlace {
    /// The SAE's directory.
    let directory: String
    /// The ways to name another one, for messages: `--sae or MILLM_SAE`.
    private let ways: String

    /// The SAE that is shipped: its place in a checkout, and below the installation's own folder.
    private static let shipped = "saes/smollm2-135m-instruct-l15"

    /// The directory that an option names.
    init(option directory: String) {
        self.directory = directory
        ways = "--sae"
    }

    /// The directory that an option or the environment names; else the shipped SAE, from here or as it was installed.
    ///
    /// - Throws: ``CommandFailure`` if nothing names one and the shipped one is nowhere.
    init(option: String?, environment: [String: String]) throws(CommandFailure) {
        ways = "--sae or MILLM_SAE"
        let variable = environment["MILLM_SAE"] ?? ""
        if let named = option ?? (variable.isEmpty ? nil : variable) {
            directory = named
            return
        }
        let places = [Self.shipped, FilePlace.installed(Self.shipped)].compactMap(\.self)
        guard let place = places.first(where: FilePlace.isDirectory) else {
            let list = places.map { "'\($0.escapedForDisplay)'" }.joined(separator: " or ")
            throw .usage("There is no SAE in \(list). Name the directory of one with \(ways).")
        }
        directory = place
    }

    /// Opens the SAE.
    ///
    /// - Throws: ``CommandFailure`` with what is wrong with its files, or the ways to name another one.
    func open() throws(CommandFailure) -> SparseAutoencoder {
        do {
            return try SparseAutoencoder(directory: directory)
        } catch {
            guard error.code == .unreadable else { throw .usage(error.message) }
            let advice = "Name the directory of an SAE, with cfg.json and sae_weights.safetensors in it, with \(ways)."
            throw .usage("\(error.message) \(advice)")
        }
    }
}
