"""Materials each business type asks for (domain D; formats M0, M3; sizes M4 §2.2)."""

from __future__ import annotations

from core.catalogue.types import Material
from core.text import Text

PHOTO = Material(
    "photo",
    Text("一寸白底免冠照", "One-inch bareheaded photo, white background"),
    max_kilobytes=500,
    width=295,
    height=413,
    hint=Text(
        "jpg、jpeg 或 png；宽 295 × 高 413 像素；正向、白底、面容清晰。图像不大于500KB",
        "jpg, jpeg or png; 295 (wide) × 413 pixels; upright, white, face clear; up to 500 KB.",
    ),
)
SIGNATURE = Material(
    "signature",
    Text("手写签名", "Handwritten signature"),
    max_kilobytes=500,
    width=405,
    height=162,
    hint=Text(
        "jpg、jpeg 或 png；宽 405 × 高 162 像素；白底黑字、横向书写。图像不大于500KB",
        "jpg, jpeg or png; 405 (wide) × 162 pixels; black on white, landscape; up to 500 KB.",
    ),
)
DISMISSAL = Material(
    "dismissal",
    Text("解聘证明", "Proof of leaving the former employer"),
    hint=Text(
        "由原聘用单位出具并盖章，写明姓名和解除日期。",
        "Issued and sealed by the former employer, with the name and the date of leaving.",
    ),
)
ARBITRATION = Material(
    "arbitration",
    Text("劳动仲裁裁决书或法院判决书", "Labour arbitration award or court judgment"),
    when=("forced", "yes"),
    hint=Text(
        "原件扫描件，须能看清结论和生效日期。", "Scan of the original; outcome and date must show."
    ),
)
DEATH_CERTIFICATE = Material(
    "death_certificate",
    Text("死亡医学证明或诊断证明书", "Medical certificate of death or diagnosis"),
    when=("cancellation_reason", "death_or_incapacity"),
    hint=Text(
        "连同亲属或聘用单位的情况说明；线下收件由窗口扫描。",
        "With a statement by relatives or the employer; paper filings are scanned at the window.",
    ),
)
LOSS_STATEMENT = Material(
    "loss_statement", Text("遗失或破损情况说明", "Statement of loss or damage"), required=False
)
INSURANCE_PROOF = Material(
    "insurance_proof",
    Text("社保缴纳证明", "Proof of social insurance"),
    required=False,
    hint=Text(
        "由社保经办机构出具，写明缴费单位和月份。",
        "Issued by the insurance office, showing the payer and the months.",
    ),
)
OTHER = Material("other", Text("其他材料", "Other material"), required=False)

# Photo and signature belong to the profile and are looked at in every filing (M4 §3.1 note 4); a
# cancellation makes no certificate and needs neither.
MATERIALS: dict[str, tuple[Material, ...]] = {
    "initial": (PHOTO, SIGNATURE, INSURANCE_PROOF, OTHER),
    "change": (PHOTO, SIGNATURE, DISMISSAL, INSURANCE_PROOF, OTHER),
    "renewal": (PHOTO, SIGNATURE, INSURANCE_PROOF, OTHER),
    "replacement": (PHOTO, SIGNATURE, LOSS_STATEMENT, OTHER),
    "cancellation": (ARBITRATION, DEATH_CERTIFICATE, OTHER),
}
