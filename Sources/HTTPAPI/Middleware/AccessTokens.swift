/// The tokens that open the server.
package struct AccessTokens: Sendable {
    /// Opens everything; nil if nobody may change anything over HTTP.
    package var write: BearerToken?
    /// Opens what changes nothing; nil if only those who may write may read.
    package var read: BearerToken?

    /// At least one of the two; nil if both are.
    package init?(write: BearerToken?, read: BearerToken?) {
        guard write != nil || read != nil else { return nil }
        self.write = write
        self.read = read
    }

    /// What a text opens; nil if nothing. Both tokens are compared in any case, so that time tells nothing.
    func scope(of text: String) -> TokenScope? {
        let writes = write?.matches(text) ?? false
        let reads = read?.matches(text) ?? false
        return writes ? .write : reads ? .read : nil
    }
}
