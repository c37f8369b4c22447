using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Dais.Server.Hosting;

/// <summary>
/// Serves the web app from the web root: its files, and <c>index.html</c> for every page address the app itself knows.
/// </summary>
public static class WebApp
{
    private const string IndexPath = "index.html";

    /// <summary>The build puts a hash of the content into the name of every file below this folder.</summary>
    private const string HashedFolder = "/assets";

    /// <summary>Where addresses are the API's; an unknown one is a mistake, and a page would only hide it.</summary>
    private static readonly string[] ApiFolders = ["/v1", "/whip", "/whep", "/openapi", "/metrics", "/assets"];

    /// <summary>
    /// Adds the files. An address that looks like a page and is none of the API's gives the app's first page.
    /// </summary>
    public static void UseWebApp(this WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = SetCacheHeaders });
        var files = app.Environment.WebRootFileProvider;
        app.Use((context, next) =>
        {
            bool isPage = context.GetEndpoint() is null && IsPage(context.Request);
            return isPage && files.GetFileInfo(IndexPath) is { Exists: true } index ? SendAsync(context, index) : next(context);
        });
    }

    private static void SetCacheHeaders(StaticFileResponseContext context) =>
        context.Context.Response.Headers.CacheControl =
            context.Context.Request.Path.StartsWithSegments(HashedFolder, StringComparison.Ordinal)
                ? "public, max-age=31536000, immutable"
                : "no-cache";

    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !ApiFolders.Any(folder => request.Path.StartsWithSegments(folder, StringComparison.Ordinal))
        && (!Path.HasExtension(request.Path) || request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal));

    private static async Task SendAsync(HttpContext context, IFileInfo index)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = index.Length;
        context.Response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.SendFileAsync(index, context.RequestAborted);
        }
    }
}
