using System.Numerics;

namespace Dais.Rtc;

/// <summary>Serial number arithmetic (RFC 1982 §3.2) over any unsigned width.</summary>
public static class SerialNumber
{
    extension<T>(T self) where T : IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        /// <summary>Whether this number comes after <paramref name="other"/> modulo the width of <typeparamref name="T"/>.</summary>
        public bool IsNewerThan(T other)
        {
            var distance = unchecked(self - other);
            return distance != T.Zero && distance <= T.MaxValue >>> 1;
        }
    }
}
