import ProfileDirectory
import Profiles

extension LoaderStatus.Reason {
    /// The place, the code and the message: `profiles/night.yaml:9:1: [P012] duplicate key 'layer'`.
    func sentence(style: Style) -> String {
        let place = [file?.escapedForDisplay, line.map(String.init), column.map(String.init)]
        let location = place.compactMap(\.self).joined(separator: ":")
        let start = location.isEmpty ? "" : location + ": "
        return "\(start)\(style(.bad, "[\(code)]")) \(message.escapedForDisplay)"
    }
}
