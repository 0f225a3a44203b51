// The widget's own words. What the bot says comes from data/responses.
import type { Language } from "./protocol";

const zh = {
  locale: "zh-CN",
  name: "还款协商助手",
  bot: "软件助手",
  person: "工作人员",
  you: "我",
  open: "还款有困难？和我们谈谈",
  close: "关闭对话",
  languageSwitch: "语言",
  clear: "清除对话",
  clearTitle: "清除这段对话？",
  clearText: "此设备上将不再显示这段对话，并重新开始。已经达成的协议不受影响。",
  clearYes: "清除",
  clearNo: "保留",
  log: "对话内容",
  empty: "正在为您接通…",
  typing: "正在回复",
  options: "正在为您计算可选方案，请稍候…",
  inputLabel: "您想说的话",
  inputHint: "输入您想说的话",
  otherWords: "也可以用自己的话回答",
  answers: {
    amount: { label: "金额（元）", send: "发送金额", wrong: "请只填数字，例如 4500 或 4500.50；也可以在下面用自己的话说。" },
    date: { label: "日期", send: "发送日期", wrong: "请选一个完整的日期；记不清的话，可以在下面用自己的话说。" },
    pastDate: { label: "日期", send: "发送日期", wrong: "请选一个完整的、今天或更早的日期；记不清的话，可以在下面用自己的话说。" },
    code: { label: "短信验证码", send: "发送验证码", wrong: "验证码只有数字，请照短信填写。" },
  },
  send: "发送",
  safety: "我们不会索要银行卡密码，请勿在此输入。",
  privacy: "隐私说明",
  pages: { notice: "查看隐私说明", agreement: "打开协议全文", pdf: "下载 PDF", copy: "下载数据副本" },
  chosen: "已选择",
  choices: "可选回复",
  connecting: "正在连接…您可以继续输入，连上后会自动发送。",
  personHere: "工作人员正在与您对话",
  waiting: "待发送",
  unanswered: "还没有收到回复",
  notSent: "没有发出",
  again: "重新发送",
  edit: "修改后再发",
  newMessages: "有新消息",
  schedule: "还款计划表",
  comparison: "方案对比",
  option: "方案",
  newWindow: "（在新窗口打开）",
  refused: "这条消息没有被接收，请换个说法再试一次。",
};

const en: typeof zh = {
  locale: "en",
  name: "Repayment help",
  bot: "Software assistant",
  person: "Staff member",
  you: "Me",
  open: "Trouble repaying? Talk to us",
  close: "Close the chat",
  languageSwitch: "Language",
  clear: "Clear chat",
  clearTitle: "Clear this chat?",
  clearText: "This device will no longer show the conversation, and a new one begins. Agreements already made stay as they are.",
  clearYes: "Clear",
  clearNo: "Keep",
  log: "Conversation",
  empty: "Connecting you…",
  typing: "Replying",
  options: "Computing your options, one moment…",
  inputLabel: "Your message",
  inputHint: "Type your message",
  otherWords: "Or answer in your own words",
  answers: {
    amount: { label: "Amount (¥)", send: "Send amount", wrong: "Digits only, please, for example 4500 or 4500.50. You can also answer in your own words below." },
    date: { label: "Date", send: "Send date", wrong: "Please choose a whole date. If you don't remember it, answer in your own words below." },
    pastDate: { label: "Date", send: "Send date", wrong: "Please choose a whole date, today or earlier. If you don't remember it, answer in your own words below." },
    code: { label: "Code from the text message", send: "Send code", wrong: "The code has only digits. Please copy it from the text message." },
  },
  send: "Send",
  safety: "We never ask for your card PIN or password. Please don't type it here.",
  privacy: "Privacy notice",
  pages: { notice: "Read the privacy notice", agreement: "Open the agreement", pdf: "Download the PDF", copy: "Download the copy" },
  chosen: "chosen",
  choices: "Suggested replies",
  connecting: "Connecting… You can go on typing; it is sent once the line is back.",
  personHere: "A member of staff is talking with you",
  waiting: "Waiting to be sent",
  unanswered: "No answer yet",
  notSent: "Not sent",
  again: "Send again",
  edit: "Change and send",
  newMessages: "New messages",
  schedule: "Payment schedule",
  comparison: "Plans compared",
  option: "Option",
  newWindow: " (opens in a new window)",
  refused: "This message was not accepted. Please try to put it another way.",
};

export type Strings = typeof zh;

export const strings: Record<Language, Strings> = { zh, en };

/** A day, given as 2026-09-01, as it is written in a sentence. */
export function spokenDay(day: string, language: Language): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  if (language === "zh") return `${year}年${month}月${date}日`;
  return new Date(year, month - 1, date).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

/** "zh-CN", "zh", "en-GB" … to one of the two languages; Chinese unless the tag is English. */
export function languageOf(tag: string | null | undefined): Language {
  return tag?.toLowerCase().startsWith("en") ? "en" : "zh";
}

/** The language of words that came without one. */
export function languageIn(text: string): Language {
  return /[\u3400-\u9fff]/.test(text) ? "zh" : "en";
}
