"""Words that several screens share; what belongs to one page stands in that page."""

from __future__ import annotations

from core.text import Text, same

PRODUCT = Text("执业注册审批工作台", "Practice registration desk")
BRAND = same("RegDesk")
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}

SIGN_IN = Text("登录", "Sign in")
SIGN_IN_AGAIN = Text("重新登录", "Sign in again")
SIGN_OUT = Text("退出登录", "Sign out")
TO_HOME = Text("返回首页", "Go to the home page")
LANGUAGE = Text("界面语言", "Language")
SAVE = Text("保存", "Save")
CANCEL = Text("取消", "Cancel")
CONFIRM = Text("确认", "Confirm")
BACK = Text("返回", "Back")
BACK_TO_QUEUE = Text("返回待办队列", "Back to the queue")
NONE = Text("无", "None")
NOTHING_YET = Text("暂无数据", "Nothing here yet")
LIST_COMMA = Text("、", ", ")
SEMICOLON = Text("；", "; ")
COLON = Text("：", ": ")
ELSEWHERE = Text(
    "另有 {count} 条注册不在您的查看范围内。",
    "Not shown, being outside of what you may see: {count} more of this person.",
)

EXPIRED_TITLE = Text("登录已失效", "You are signed out")
EXPIRED = Text(
    "您长时间未操作、已在别处退出，或账号已停用。为保护个人信息，请重新登录后继续。",
    "You were away for a while, signed out elsewhere, or the account was disabled. To protect "
    "personal data, please sign in again to go on.",
)
NOT_PERMITTED_TITLE = Text("您的角色不能使用此页面", "This page is not for your role")
NOT_PERMITTED = Text(
    "此页面需要“{permission}”的权限，由以下角色持有：{roles}。如工作需要，请联系系统管理员。",
    "This page needs the power to {permission}, held by: {roles}. If your work calls for it, "
    "please ask the administrator.",
)
YOUR_ROLES = Text("您的角色：{roles}", "Your roles: {roles}")
UNAVAILABLE_TITLE = Text("系统暂时无法访问", "The desk cannot be reached just now")
UNAVAILABLE = Text(
    "数据库暂时无法连接，您的操作未生效。请稍后重试。",
    "The database cannot be reached; nothing was changed. Please try again shortly.",
)
RETRY = Text("重试", "Try again")
NOT_FOUND_TITLE = Text("没有这个页面", "There is no such page")
NOT_FOUND = Text(
    "地址可能有误，或该页面已被移除。",
    "The address may be mistyped, or the page was removed.",
)
FAILED = Text(
    "页面出现意外错误，未完成的操作没有生效。请重试；"
    "若再次出现，请将编号 {reference} 告知系统管理员。",
    "Something unexpected went wrong; unfinished work was not saved. Please try again; if it "
    "happens again, give the administrator this reference: {reference}.",
)
CROSS_SITE = Text(
    "请求来自其他网站，已被拒绝。", "The request came from another site and was refused."
)
NO_UPLOADS = Text(
    "此页面不接收文件，或文件数量已达上限。",
    "This page takes no files, or no more of them.",
)
BODY_TOO_LARGE = Text(
    "请求内容超过大小上限，未予处理。",
    "The request is larger than is allowed and was not processed.",
)
SIGN_OUT_TITLE = Text("退出登录？", "Sign out?")
SIGN_OUT_HINT = Text(
    "未提交的内容将保留在草稿中；退出后需重新登录。",
    "What you have not sent stays in your drafts; you will have to sign in again.",
)
USERNAME = Text("用户名", "User name")
PASSWORD = Text("密码", "Password")
SIGN_IN_HINT = Text("请使用本单位分配的账号登录。", "Use the account you were given.")
SIGN_IN_NOTE = Text(
    "本系统处理个人信息，所有查阅均留有记录。",
    "This desk handles personal data; every reading is logged.",
)
FIELDS_MISSING = Text("请输入用户名和密码。", "Enter your user name and password.")
SIGNED_OUT = Text("您已退出登录。", "You are signed out.")
SHOW_PASSWORD = Text("显示密码", "Show password")
TO_OTHER_LANGUAGE = Text("English", "中文")
