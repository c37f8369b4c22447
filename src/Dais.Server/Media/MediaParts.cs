namespace Dais.Server.Media;

/// <summary>What the media plane is made of.</summary>
public static class MediaParts
{
    /// <summary>Adds the media plane.</summary>
    public static void AddMedia(this IServiceCollection services) => services.AddSingleton<MediaPlane>();
}
