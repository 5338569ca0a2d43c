"""Makes a folder of forty files as people have them: pictures of every kind, and what is none.

python tests/mixed_folder.py FOLDER
"""

import io
import pathlib
import struct
import sys
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageCms, PngImagePlugin

_SIZE = (48, 32)


def write(folder: pathlib.Path) -> list[str]:
    """Writes the files, small, the same at every call; returns their names, sorted."""
    (folder / "below").mkdir(parents=True)
    color = Image.fromarray(_pixels())
    _write_jpegs(folder, color)
    _write_pngs(folder, color)
    _write_others(folder, color)
    _write_what_is_no_picture(folder, color)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def _pixels() -> np.ndarray:
    columns, rows = _SIZE
    y, x = np.mgrid[:rows, :columns]
    planes = [120 + 80 * np.sin(x / 5), 120 + 80 * np.cos(y / 4), 3 * (x + y)]
    return np.clip(np.stack(planes, axis=2), 0, 255).astype(np.uint8)


def _transparent(color: Image.Image) -> Image.Image:
    image = color.convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 12, 32))
    return image


def _write_jpegs(folder: pathlib.Path, color: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    color.save(folder / "photo.jpg", quality=83)
    color.save(folder / "Über uns, (1).JPG", quality=60, subsampling="4:2:0")
    color.save(folder / "turned.jpeg", exif=exif, progressive=True, dpi=(300, 300))
    color.convert("L").save(folder / "gray.jpg", quality=30)
    color.convert("CMYK").save(folder / "print.jpg")
    color.save(folder / "two views.jpg", format="MPO", save_all=True, append_images=[color])
    color.save(folder / "really a jpeg.png", format="JPEG")
    data = _encoded(color, "JPEG")
    (folder / "cut short.jpg").write_bytes(data[: len(data) // 2])
    (folder / "empty.jpg").touch()
    color.save(folder / "below" / "deep.jpg")


def _write_pngs(folder: pathlib.Path, color: Image.Image) -> None:
    color.save(folder / "screen.png")
    _transparent(color).save(folder / "logo.png")
    _transparent(color).convert("LA").save(folder / "stamp.png")
    color.quantize(16).save(folder / "palette.png")
    color.convert("1").save(folder / "fax.png")
    Image.new("RGB", (1, 1), (9, 99, 199)).save(folder / "dot.png")
    deep = _pixels().astype(np.uint16) * 257
    Image.fromarray(deep[..., 0]).save(folder / "deep gray.png")
    (folder / "deep.png").write_bytes(imagecodecs.png_encode(deep))
    about = PngImagePlugin.PngInfo()
    about.add_text("Title", "a title")
    about.add(b"gAMA", struct.pack(">I", 100_000))
    color.save(folder / "linear.png", pnginfo=about)
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    bomb += struct.pack(">I4sI", 0, b"IDAT", zlib.crc32(b"IDAT"))
    (folder / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bomb)


def _write_others(folder: pathlib.Path, color: Image.Image) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    color.save(folder / "web.webp", quality=70)
    _transparent(color).save(folder / "clear.webp", lossless=True)
    color.save(folder / "moving.webp", save_all=True, append_images=[color.rotate(90)])
    color.convert("P").save(folder / "old.gif")
    color.save(folder / "moving.gif", save_all=True, append_images=[color.rotate(90)])
    color.save(folder / "old.bmp")
    color.save(folder / "scan.tif", icc_profile=profile, dpi=(600, 600))
    color.save(folder / "fax.tiff", save_all=True, append_images=[color])
    deep = np.concatenate([_pixels().astype(np.uint16) * 257] * 2, axis=2)[..., :4]
    tifffile.imwrite(folder / "deep.tif", deep, photometric="rgb", extrasamples=["unassalpha"])
    tifffile.imwrite(folder / "measured.tif", deep[..., 0].astype(np.float32))
    color.save(folder / "new.avif", quality=80)
    color.save(folder / "cinema.jp2")
    color.save(folder / "game.tga")
    color.save(folder / "icon.ico", sizes=[(16, 16), (32, 32)])
    color.save(folder / "without extension", format="PNG")


def _write_what_is_no_picture(folder: pathlib.Path, color: Image.Image) -> None:
    heic = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(64)
    (folder / "phone.heic").write_bytes(heic)
    (folder / "sent by phone.jpg").write_bytes(heic)
    (folder / "camera.nef").write_bytes(_encoded(color, "TIFF"))
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "film.mov").write_bytes(struct.pack(">I", 20) + b"ftypqt  " + bytes(8))
    (folder / "notes.txt").write_text("no picture")
    (folder / "Thumbs.db").write_bytes(bytes(512))
    (folder / ".hidden.jpg").write_bytes(_encoded(color, "JPEG"))
    (folder / "broken link.jpg").symlink_to("nowhere.jpg")


def _encoded(image: Image.Image, form: str) -> bytes:
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


if __name__ == "__main__":
    print(len(write(pathlib.Path(sys.argv[1]))), "files")
