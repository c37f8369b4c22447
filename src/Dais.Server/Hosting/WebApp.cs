using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Dais.Server.Hosting;

/// <summary>Serves the web app from the web root: its files, and <c>index.html</c> for every page address the app itself knows.</summary>
public static class WebApp
{
    private const string IndexPath = "index.html";

    /// <summary>The build puts a hash of the content into the name of every file below this folder.</summary>
    private const string HashedFolder = "/assets/";

    /// <summary>Adds the files. An address that looks like a page and is none of the API's gives the app's first page.</summary>
    public static void UseWebApp(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        var types = new FileExtensionContentTypeProvider();
        app.UseStaticFiles(new StaticFileOptions { ContentTypeProvider = types, OnPrepareResponse = SetCacheHeaders });
        app.MapFallback(context => SendIndexAsync(context, files));
    }

    private static void SetCacheHeaders(StaticFileResponseContext context) =>
        context.Context.Response.Headers[HeaderNames.CacheControl] =
            context.Context.Request.Path.StartsWithSegments(HashedFolder.TrimEnd('/'), StringComparison.Ordinal)
                ? "public, max-age=31536000, immutable"
                : "no-cache";

    private static async Task SendIndexAsync(HttpContext context, IFileProvider files)
    {
        var path = context.Request.Path;
        bool isPage = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var index = files.GetFileInfo(IndexPath);

        // A missing file or an unknown API address is not a page: an HTML answer would only hide the mistake.
        if (!isPage || !index.Exists || Path.HasExtension(path) || path.StartsWithSegments("/v1", StringComparison.Ordinal)
            || path.StartsWithSegments(HashedFolder.TrimEnd('/'), StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = index.Length;
        context.Response.Headers[HeaderNames.CacheControl] = "no-cache";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.SendFileAsync(index, context.RequestAborted);
        }
    }
}
