package import Hummingbird

/// What accompanies a request through middleware and routes: its id, its logger, its path's parameters.
package struct APIRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage

    package init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
