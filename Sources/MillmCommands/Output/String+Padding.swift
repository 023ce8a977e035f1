import Profiles

extension String {
    /// The text filled up with spaces to the given number of columns.
    func padded(toWidth width: Int, alignment: Table.Alignment = .leading) -> String {
        let space = String(repeating: " ", count: max(0, width - displayWidth))
        return alignment == .leading ? self + space : space + self
    }
}
