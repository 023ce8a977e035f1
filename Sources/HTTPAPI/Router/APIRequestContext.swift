package import Hummingbird
import Logging
import NIOCore

/// What accompanies a request through middleware and routes: its id, its logger, its path's parameters.
package struct APIRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The connection that the request came by.
    let channel: any Channel

    package init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The id under which the request stands in the log.
    var id: String {
        get { logger[metadataKey: Self.idKey]?.description ?? "" }
        set { logger[metadataKey: Self.idKey] = .string(newValue) }
    }

    /// The key under which Hummingbird logs the id.
    static let idKey = "hb.request.id"
}
