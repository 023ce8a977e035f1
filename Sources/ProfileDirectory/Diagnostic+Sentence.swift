import Profiles

extension Diagnostic {
    /// The finding as a message of its own: place, what is wrong and what to do.
    var sentence: String {
        let advice = help.map { "; " + $0 } ?? ""
        return "\(location): \(message)\(advice)."
    }
}
